namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>The table of docs/aspnetcore-matrix.md says what its rows observe.</summary>
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

    private static readonly string s_document = Repository.PathTo("docs", "aspnetcore-matrix.md");

    /// <summary>
    /// Whether to write the tables instead of comparing them: after a row was added or changed.
    /// </summary>
    private static readonly bool s_isWriting =
        Environment.GetEnvironmentVariable("BATON_WRITE_MATRIX") == "1";

    [Theory]
    [MemberData(nameof(Headings))]
    public void The_table_has_these_rows_and_no_others(string heading)
    {
        var rows = s_sections.Single(section => section.Heading == heading).Rows
            .Select(static row => row.Markdown);
        var lines = File.ReadAllLines(s_document);
        var start = Array.FindIndex(
            lines,
            Array.IndexOf(lines, $"## {heading}") + 1,
            static line => line.StartsWith("|---", StringComparison.Ordinal)) + 1;
        var end = Array.FindIndex(lines, start, static line => !line.StartsWith('|'));
        if (s_isWriting)
        {
            File.WriteAllLines(s_document, [.. lines[..start], .. rows, .. lines[end..]]);
            return;
        }

        Assert.Equal(string.Join('\n', rows), string.Join('\n', lines[start..end]));
    }
}
