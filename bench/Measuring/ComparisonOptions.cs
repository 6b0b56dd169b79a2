namespace Baton.Measuring;

/// <summary>What the command lines of the comparisons with .NET and Go have in common.</summary>
public abstract record ComparisonOptions
{
    /// <summary>The last lines of the usage of each.</summary>
    public const string LastUsage = """
          --markdown FILE   writes the tables there too
          --json FILE       writes the figures there
          --go DIR          the folder of a Go toolchain, which holds bin/go


        """ + Bench.ExitCodes;

    protected ComparisonOptions()
    {
    }

    protected ComparisonOptions(Arguments given)
    {
        ArgumentNullException.ThrowIfNull(given);
        Quick = given.Has("--quick");
        Only = given.Value("--only") ?? "";
        Markdown = given.Value("--markdown");
        Json = given.Value("--json");
        Go = given.Value("--go");
    }

    public bool Quick { get; }

    public string Only { get; } = "";

    public string? Markdown { get; }

    public string? Json { get; }

    public string? Go { get; }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="flags">The flags besides <c>--quick</c>.</param>
    /// <param name="error">What is wrong.</param>
    protected static Arguments? Parse(IReadOnlyList<string> args, string[] flags, out string error) =>
        Arguments.Parse(args, ["--quick", .. flags], ["--only", "--markdown", "--json", "--go"], out error);
}
