using Microsoft.Coyote.Specifications;

namespace Baton.Exploration;

/// <summary>Two or three operations that run at once, and checks that hold in every order.</summary>
/// <param name="Name">Its name on the command line and in tests/search/planted.</param>
/// <param name="Body">
/// Runs once per schedule: makes its own contexts, runs the operations on them, and checks.
/// </param>
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
    /// Call it right after a call that ends a context. Checks that the context and all below it are done.
    /// </summary>
    internal static void CheckAllDone(params Context[] contexts) =>
        Check(Array.TrueForAll(contexts, static ctx => ctx.IsDone), "A cancel returns with all below it done.");

    /// <summary>
    /// Call it at the end. Checks that every deadline of the root's clock has passed or was taken out.
    /// </summary>
    internal static void CheckNothingWaits(Context root) =>
        Check(root.Queue.Count == 0, "A context that has ended waits in no queue.");

    /// <summary>Call it at the end. Checks that all contexts derived from these have ended.</summary>
    internal static void CheckNothingHangsOn(params CancelableContext[] parents) =>
        Check(
            Array.TrueForAll(parents, static parent => parent.ChildCount == 0),
            "A context that has ended hangs on no parent.");

    /// <summary>Ends the schedule as a bug, from any thread, unless <paramref name="holds"/>.</summary>
    internal static void Check(bool holds, string rule) => Specification.Assert(holds, rule);
}
