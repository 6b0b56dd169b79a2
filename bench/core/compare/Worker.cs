using System.Globalization;
using Baton.Acts;

namespace Baton.Compare;

/// <summary>
/// Measures one flavour in a process of its own: it reads each request and writes each response as one line.
/// </summary>
/// <remarks><c>bench/go</c> responds to the same requests: see <see cref="WorkerProcess"/>.</remarks>
internal static class Worker
{
    internal const string Flag = "--worker";

    /// <summary>
    /// A method needs three visits, each some time after the other: to be counted, profiled and compiled.
    /// </summary>
    private const int Passes = 5;

    private static readonly TimeSpan s_tieringTime = TimeSpan.FromMilliseconds(250);

    internal static void Run(bool isBaton)
    {
        var runners = new Dictionary<string, Runner>();
        Action use = isBaton ? EveryContext.Use : EverySource.Use;
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == WorkerProcess.WarmRequest)
            {
                var acts = words[1..].Select(Find).ToArray();
                foreach (var act in acts)
                {
                    runners[act.Name] = (isBaton ? act.Baton : act.DotNet)!();
                }

                Warm(runners.Values, acts.Any(static act => act.IsAfterUse) ? use : static () => { });
                Console.WriteLine(WorkerProcess.WarmAnswer);
            }
            else
            {
                var count = int.Parse(words[1], CultureInfo.InvariantCulture);
                Console.WriteLine(runners[words[0]].Measure(count).ToLine());
            }
        }
    }

    private static Act Find(string name) =>
        Catalogue.Groups.SelectMany(static group => group.Acts).Single(act => act.Name == name);

    // The acts take turns, so that the JIT learns what it would learn in an application that does all of
    // them.
    private static void Warm(ICollection<Runner> runners, Action use)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            use();
            foreach (var runner in runners)
            {
                runner.Warm();
            }

            Thread.Sleep(s_tieringTime);
        }
    }
}
