namespace Baton.Exploration.Scenarios;

/// <summary>
/// Two selects compete for the items of two senders as a context that one of them looks at ends: each takes
/// one case, and every item is received once or still there.
/// </summary>
internal static class SelectAgainstTwoSenders
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var (first, second) = (new TestChannel(), new TestChannel());
        int taken = 0, otherTaken = 0;
        var received = new List<int>();
        Task<int>? select = null, other = null;

        void Receive(ref int count, int item, bool hasItem)
        {
            Scenario.Check(hasItem, "No channel has ended.");
            Interlocked.Increment(ref count);
            lock (received)
            {
                received.Add(item);
            }
        }

        await Scenario.Together(
            () => select = Select
                .Receive(first, (item, hasItem) => Receive(ref taken, item, hasItem))
                .Receive(second, (item, hasItem) => Receive(ref taken, item, hasItem))
                .Done(ctx, () => Interlocked.Increment(ref taken))
                .AsTask(),
            () => other = Select
                .Receive(first, (item, hasItem) => Receive(ref otherTaken, item, hasItem))
                .Receive(second, (item, hasItem) => Receive(ref otherTaken, item, hasItem))
                .AsTask(),
            () =>
            {
                first.Send(1);
                ctx.Cancel();
            },
            () => second.Send(2));

        // There is an item for each: one that is not told leaves this waiting for ever, which Coyote reports.
        var index = await select!;
        await other!;

        Scenario.Check(taken == 1 && otherTaken == 1, "Of each select exactly one case takes effect.");
        Scenario.Check(
            received.Count == (index == 2 ? 1 : 2), "Who is done receives nothing, who is not one item.");
        while (first.TryRead(out var item) || second.TryRead(out item))
        {
            received.Add(item);
        }

        received.Sort();
        Scenario.Check(received is [1, 2], "Every item is received once, or still there.");
        Scenario.Check(
            first.WaitCount == 0 && second.WaitCount == 0, "Once a select is over it waits nowhere.");
        Scenario.Check(ctx.ChildCount == 0, "Once a select is over it hangs on no context.");
    }
}
