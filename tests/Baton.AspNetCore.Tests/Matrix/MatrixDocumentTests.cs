namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>The table of docs/aspnetcore.md says what its rows observe.</summary>
public sealed class MatrixDocumentTests
{
    private static readonly (string Heading, Row[] Rows)[] s_sections = [
        ("The client leaves, over HTTP/1.1", DisconnectRows.All),
        ("The handler ends, over HTTP/1.1", EndRows.All),
        ("HTTP/2 and HTTP/3", [.. Http2Rows.All, .. TlsRows.Http2, .. TlsRows.Http3]),
        ("Kestrel's own limits", LimitRows.All),
        ("A timeout passes", PolicyRows.All),
        ("The server stops", StopRows.All),
    ];

    public static TheoryData<string> Headings => [.. s_sections.Select(static section => section.Heading)];

    [Theory]
    [MemberData(nameof(Headings))]
    public void The_table_has_these_rows_and_no_others(string heading)
    {
        var rows = s_sections.Single(section => section.Heading == heading).Rows;

        var table = Repository.Lines(Path.Combine("docs", "aspnetcore.md"))
            .SkipWhile(line => line != $"### {heading}")
            .SkipWhile(static line => !line.StartsWith("|---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(static line => line.StartsWith('|'));

        Assert.Equal(string.Join('\n', rows.Select(static row => row.Markdown)), string.Join('\n', table));
    }
}
