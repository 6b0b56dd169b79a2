namespace Baton.Data.Tests;

/// <summary>Which texts may have other statements around them.</summary>
public sealed class PostgresTextTests
{
    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("select 1;")]
    [InlineData("  \r\n\tinsert into a values (1)")]
    [InlineData("-- tag\n\nSELECT 1")]
    [InlineData("/* a /* b */ ; c */ with a as (select 1) select 2")]
    [InlineData("((SELECT 1))")]
    [InlineData("SELECT 1; UPDATE a SET b = 1;; DELETE FROM a; MERGE INTO a; VALUES (1); TABLE a")]
    [InlineData("SELECT '; VACUUM', \"; VACUUM\", $$; VACUUM$$, $a$; VACUUM $$ $a$, E'\\'; VACUUM', 'it''s; VACUUM'")]
    [InlineData("SELECT 1 -- ; VACUUM\n, 2 /* ; VACUUM */")]
    [InlineData("SELECT a$b$c; SELECT 2")]
    [InlineData("SELECT $1; SELECT $2")]
    [InlineData("SELECT a - b / c")]
    public void Queries_and_changes_of_rows_are_plain(string text) => Assert.True(PostgresText.IsPlain(text));

    [Theory]
    [InlineData("")]
    [InlineData("  ; ;")]
    [InlineData("-- SELECT 1")]
    [InlineData("VACUUM")]
    [InlineData("SELECT 1; VACUUM")]
    [InlineData("SELECT 'a'; COMMIT")]
    [InlineData("SELECT '\\'; COMMIT; SELECT '")]
    [InlineData("SELECT $a$ $$ $a$; COMMIT")]
    [InlineData("SELECT a$b$; COMMIT; SELECT b$b$")]
    [InlineData("SELECT 1 /* /* */ */; END")]
    [InlineData("BEGIN; SELECT 1")]
    [InlineData("CALL a()")]
    [InlineData("DO $$ begin end $$")]
    [InlineData("CREATE TABLE a (b int)")]
    [InlineData("SET a = 1")]
    [InlineData("SELECTED 1")]
    [InlineData("EXPLAIN ANALYZE SELECT 1")]
    public void Everything_else_is_not(string text) => Assert.False(PostgresText.IsPlain(text));
}
