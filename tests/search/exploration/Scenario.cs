using Microsoft.Coyote.Specifications;

namespace Baton.Exploration;

/// <summary>Two or three operations that meet, and what holds whatever their order.</summary>
/// <param name="Name">What it is called on the command line and in tests/search/planted.</param>
/// <param name="Body">Runs once per schedule: makes its own contexts, races them, checks.</param>
internal sealed record Scenario(string Name, Func<Task> Body)
{
    /// <summary>Runs the operations at once, and ends when all of them have.</summary>
    internal static async Task Together(params Action[] operations)
    {
        var running = new Task[operations.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            running[i] = Task.Run(operations[i]);
        }

        await Task.WhenAll(running);
    }

    /// <summary>Ends the schedule as a bug, from any thread, unless <paramref name="holds"/>.</summary>
    internal static void Check(bool holds, string rule) => Specification.Assert(holds, rule);
}
