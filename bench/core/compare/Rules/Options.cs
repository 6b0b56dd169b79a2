using Baton.Measuring;

namespace Baton.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    internal const string Usage = """
        dotnet run -c Release --project bench/core/compare -- [options]

          --quick           less than a minute: for a look, not for a verdict
          --server-gc       the same once more with DOTNET_gcServer=1
          --only TEXT       only acts whose name contains TEXT
          --markdown FILE   writes the tables there too
          --json FILE       writes the figures there
          --go DIR          the folder of a Go toolchain, which holds bin/go


        """ + Bench.ExitCodes;

    internal bool Quick { get; private init; }

    internal bool ServerGC { get; private init; }

    internal string Only { get; private init; } = "";

    internal string? Markdown { get; private init; }

    internal string? Json { get; private init; }

    internal string? Go { get; private init; }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error)
    {
        var given = Arguments.Parse(
            args, ["--quick", "--server-gc"], ["--only", "--markdown", "--json", "--go"], out error);
        return given is null
            ? null
            : new Options
            {
                Quick = given.Has("--quick"),
                ServerGC = given.Has("--server-gc"),
                Only = given.Value("--only") ?? "",
                Markdown = given.Value("--markdown"),
                Json = given.Value("--json"),
                Go = given.Value("--go"),
            };
    }
}
