using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options : ComparisonOptions
{
    internal const string Usage = """
        dotnet run -c Release --project bench/server/compare -- [options]

          --quick           less than a minute: for a look, not for a verdict
          --only TEXT       only rows whose name contains TEXT:
                            plain, aborted, derive, timeout, page, pageopen, pagefull, accessor, injected,
                            closing, waiting, starting

        """ + LastUsage;

    internal Options()
    {
    }

    private Options(Arguments given)
        : base(given)
    {
    }

    internal bool Picks(string name) => name.Contains(Only, StringComparison.Ordinal);

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error) =>
        Parse(args, [], out error) is { } given ? new Options(given) : null;
}
