using Baton.Measuring;

namespace Baton.Overload;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    internal const string Usage = """
        dotnet run -c Release --project bench/chain/overload -- [options]

          --cpu             the work at the end takes a processor, one piece at a time;
                            by default it waits, ten pieces at a time, as for a database
          --quick           less than a minute: for a look, not for a verdict
          --markdown FILE   writes the tables there too
          --svg FILE        writes the picture there
          --json FILE       writes the figures there


        """ + Bench.ExitCodes;

    internal bool IsCpuBound { get; private init; }

    internal bool Quick { get; private init; }

    internal string? Markdown { get; private init; }

    internal string? Svg { get; private init; }

    internal string? Json { get; private init; }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error)
    {
        var given = Arguments.Parse(args, ["--cpu", "--quick"], ["--markdown", "--svg", "--json"], out error);
        return given is null
            ? null
            : new Options
            {
                IsCpuBound = given.Has("--cpu"),
                Quick = given.Has("--quick"),
                Markdown = given.Value("--markdown"),
                Svg = given.Value("--svg"),
                Json = given.Value("--json"),
            };
    }
}
