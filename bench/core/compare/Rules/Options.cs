using Baton.Measuring;

namespace Baton.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options : ComparisonOptions
{
    internal const string Usage = """
        dotnet run -c Release --project bench/core/compare -- [options]

          --quick           less than a minute: for a look, not for a verdict
          --server-gc       the same once more with DOTNET_gcServer=1
          --only TEXT       only acts whose name contains TEXT

        """ + LastUsage;

    internal Options()
    {
    }

    private Options(Arguments given)
        : base(given) => ServerGC = given.Has("--server-gc");

    internal bool ServerGC { get; }

    /// <summary>Null, and what is wrong, if the arguments are not valid.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error) =>
        Parse(args, ["--server-gc"], out error) is { } given ? new Options(given) : null;
}
