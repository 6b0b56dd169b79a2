using System.Diagnostics;
using System.Globalization;
using Baton;
using Baton.Exploration;
using Baton.Exploration.Scenarios;

const string Usage = """
    usage: bash tests/search/exploration/run [--schedules N] [SCENARIO…]
           bash tests/search/exploration/run --replay FILE SCENARIO
           bash tests/search/exploration/run --list
    """;

uint schedules = 10_000;
string? trace = null;
var chosen = new List<Scenario>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--list":
            foreach (var scenario in All.Scenarios)
            {
                Console.WriteLine(scenario.Name);
            }

            return 0;
        case "--schedules" when i + 1 < args.Length
            && uint.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out schedules)
            && schedules > 0:
            i++;
            break;
        case "--replay" when i + 1 < args.Length && File.Exists(args[i + 1]):
            trace = File.ReadAllText(args[++i]);
            break;
        case var name when All.Scenarios.FirstOrDefault(scenario => scenario.Name == name) is { } scenario:
            chosen.Add(scenario);
            break;
        default:
            Console.Error.WriteLine($"not understood: {args[i]}");
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

if (trace is not null && chosen.Count != 1)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

// An assertion of the core that fails is a bug like any other. It must not end the process.
Trace.Listeners.Clear();
Trace.Listeners.Add(new FailingListener());

// Objects that are made once per process are made before the first schedule, so that all schedules begin
// alike.
_ = Context.Root(new TestClock()).WithTimeout(TimeSpan.FromSeconds(1));

if (trace is not null)
{
    return Explorer.Replay(chosen[0], trace) ? 0 : 1;
}

var explorer = new Explorer(Path.Combine("artifacts", "exploration"));
var passed = 0;
var failed = 0;
foreach (var scenario in chosen.Count > 0 ? chosen : [.. All.Scenarios])
{
    _ = explorer.Explore(scenario, schedules) ? passed++ : failed++;
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
