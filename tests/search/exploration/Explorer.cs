using System.Diagnostics;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace Baton.Exploration;

/// <summary>Runs scenarios under Coyote's engine, and reports the result.</summary>
/// <param name="output">Where the trace of a bug goes.</param>
internal sealed class Explorer(string output)
{
    /// <summary>A fixed seed: the same number of schedules gives the same schedules.</summary>
    private const uint Seed = 20261123;

    /// <summary>
    /// The ways to choose the operation that continues; each finds different bugs: any operation at every
    /// step; a few switches at random; by priorities that change a few times. First only at steps of
    /// synchronization, then at every read and write of a field as well, which takes twice as long and shows
    /// unguarded fields.
    /// </summary>
    private static readonly Func<Configuration, Configuration>[] s_strategies =
    [
        static settings => settings.WithRandomStrategy(),
        static settings => settings.WithProbabilisticStrategy(3),
        static settings => settings.WithPrioritizationStrategy(isFair: true, 10),
        static settings => settings.WithMemoryAccessRaceCheckingEnabled().WithProbabilisticStrategy(3),
        static settings =>
            settings.WithMemoryAccessRaceCheckingEnabled().WithPrioritizationStrategy(isFair: true, 10),
    ];

    internal bool Explore(Scenario scenario, uint schedules)
    {
        var start = Stopwatch.GetTimestamp();
        var explored = 0;
        var paths = new HashSet<string>();
        foreach (var (number, strategy) in s_strategies.Index())
        {
            var share = (uint)((schedules * (number + 1) / s_strategies.Length)
                - (schedules * number / s_strategies.Length));
            if (share == 0)
            {
                continue;
            }

            var settings = strategy(Settings()).WithTestingIterations(share).WithRandomGeneratorSeed(Seed);
            using var engine = Run(
                scenario, settings, new TextWriterLogger(TextWriter.Null, VerbosityLevel.None));
            var report = engine.TestReport;
            paths.UnionWith(report.CoverageInfo.ExploredPaths);
            explored += report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
            var failures = report.BugReports.Concat(report.InternalErrors).ToList();
            if (failures.Count > 0)
            {
                Print("failed", scenario, explored, paths.Count, start);
                Console.WriteLine($"  {string.Join(Environment.NewLine + "  ", failures)}");
                Console.WriteLine(
                    $"  to see it again: bash tests/search/exploration/run --replay {Save(scenario, engine)} {scenario.Name}");
                return false;
            }
        }

        Print("passed", scenario, explored, paths.Count, start);
        return true;
    }

    /// <summary>Runs one schedule again, and prints the place in the code of each step.</summary>
    internal static bool Replay(Scenario scenario, string trace)
    {
        using var steps = new StepPrinter();
        var settings = Settings().WithReproducibleTrace(trace).WithVerbosityEnabled(
            VerbosityLevel.Exhaustive);
        using var engine = Run(scenario, settings, new TextWriterLogger(steps, VerbosityLevel.Exhaustive));
        Console.WriteLine(string.Join(Environment.NewLine, engine.TestReport.BugReports));
        return engine.TestReport.NumOfFoundBugs == 0;
    }

    private static Configuration Settings() => Configuration.Create()
        .WithTelemetryEnabled(false)

        // A scenario takes a fraction of these steps, so only one that never ends reaches the bound.
        .WithMaxSchedulingSteps(400, 20_000)
        .WithFailureOnMaxStepsBoundEnabled()

        // Code outside Coyote's control would give results that cannot be reproduced.
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithSystematicFuzzingFallbackEnabled(false);

    private static TestingEngine Run(Scenario scenario, Configuration settings, ILogger log)
    {
        var engine = TestingEngine.Create(settings, scenario.Body);
        engine.SetLogger(log);
        engine.Run();
        return engine;
    }

    private string Save(Scenario scenario, TestingEngine engine)
    {
        Directory.CreateDirectory(output);
        var file = Path.Combine(output, scenario.Name + ".trace");
        File.WriteAllText(file, engine.ReproducibleTrace);
        return file;
    }

    private static void Print(string result, Scenario scenario, int explored, int different, long start) =>
        Console.WriteLine(
            $"{result}  {scenario.Name,-32} {explored,6} schedules, {different,5} different {Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s");
}
