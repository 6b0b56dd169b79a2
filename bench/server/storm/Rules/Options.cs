using System.Globalization;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    internal const int MostSeconds = 3600;
    internal const int MostClients = 2000;

    internal const string Usage = """
        dotnet run -c Release --project bench/server/storm -- [options]

          --seconds N       how long the storm lasts: 10 to 3,600; 60 by default
          --clients N       how many clients come each second: 10 to 2,000; 300 by default
          --seed N          repeats the choices of an earlier run, which printed it; not its schedule
          --quick           twenty seconds, and a short flood of resets: less than a minute in all
          --markdown FILE   writes the tables there too
          --json FILE       writes the figures there


        """ + Bench.ExitCodes;

    internal int Seconds { get; private init; } = 60;

    internal int Clients { get; private init; } = 300;

    internal int? Seed { get; private init; }

    internal bool Quick { get; private init; }

    internal string? Markdown { get; private init; }

    internal string? Json { get; private init; }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error)
    {
        var given = Arguments.Parse(
            args, ["--quick"], ["--seconds", "--clients", "--seed", "--markdown", "--json"], out error);
        if (given is null)
        {
            return null;
        }

        var isQuick = given.Has("--quick");
        var seconds = Number(given, "--seconds", 10, MostSeconds, isQuick ? 20 : 60, ref error);
        var clients = Number(given, "--clients", 10, MostClients, 300, ref error);
        var seed = Number(given, "--seed", 0, int.MaxValue, -1, ref error);
        return error.Length > 0
            ? null
            : new Options
            {
                Seconds = seconds,
                Clients = clients,
                Seed = seed < 0 ? null : seed,
                Quick = isQuick,
                Markdown = given.Value("--markdown"),
                Json = given.Value("--json"),
            };
    }

    private static int Number(
        Arguments given, string name, int least, int most, int otherwise, ref string error)
    {
        if (given.Value(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        error = Bench.Text($"{name} is a number from {least} to {most}, and '{text}' is not.");
        return otherwise;
    }
}
