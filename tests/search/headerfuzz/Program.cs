using System.Diagnostics;
using System.Globalization;
using Baton.HeaderFuzz;

var count = 10_000_000L;
var seed = Random.Shared.Next();
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    if (!(args[i] == "--inputs"
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count))
        && !(args[i] == "--seed"
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed)))
    {
        Console.Error.WriteLine("headerfuzz [--inputs 10000000] [--seed NUMBER]");
        return 2;
    }
}

var start = Stopwatch.GetTimestamp();
var fuzz = new HeaderFuzz(seed);
if (fuzz.Run(count) is { } wrong)
{
    Console.Error.WriteLine(wrong);
    return 1;
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{count} inputs, {fuzz.Usable} with a time, seed {seed}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: none wrong"));
return 0;
