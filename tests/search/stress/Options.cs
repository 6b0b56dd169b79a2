using System.Globalization;

namespace Baton.Stress;

internal sealed record Options(TimeSpan Duration, int Seed)
{
    internal const string Usage =
        "Usage: stress [--seconds N] [--seed N]   seconds: 1 to 86400, 120 if not given";

    /// <returns>Null if the arguments are not understood.</returns>
    internal static Options? Parse(string[] args)
    {
        var options = new Options(TimeSpan.FromSeconds(120), Random.Shared.Next());
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length
                || !int.TryParse(
                    args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            switch (args[i])
            {
                case "--seconds" when number is >= 1 and <= 86_400:
                    options = options with { Duration = TimeSpan.FromSeconds(number) };
                    break;
                case "--seed":
                    options = options with { Seed = number };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
