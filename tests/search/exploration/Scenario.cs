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

    /// <summary>
    /// For right after a call that ends a context: that context is done, and so is everything below it.
    /// </summary>
    internal static void CheckAllDone(params Context[] contexts) =>
        Check(Array.TrueForAll(contexts, static ctx => ctx.IsDone), "A cancel returns with all below it done.");

    /// <summary>For the end: every deadline of the root's clock has passed or was taken out.</summary>
    internal static void CheckNothingWaits(Context root) =>
        Check(root.Queue.Count == 0, "What has ended waits in no queue.");

    /// <summary>For the end: everything that was derived from these has ended.</summary>
    internal static void CheckNothingHangsOn(params CancelableContext[] parents) =>
        Check(
            Array.TrueForAll(parents, static parent => parent.ChildCount == 0),
            "What has ended hangs on no parent.");

    /// <summary>Ends the schedule as a bug, from any thread, unless <paramref name="holds"/>.</summary>
    internal static void Check(bool holds, string rule) => Specification.Assert(holds, rule);
}
