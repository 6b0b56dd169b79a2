namespace Baton.Exploration.Scenarios;

/// <summary>
/// Two selects compete for the items of two senders, while a context ends that one of the selects waits for:
/// each takes one case, and every item is received once or is still in its channel.
/// </summary>
internal static class SelectAgainstTwoSenders
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var (first, second) = (new TestChannel(), new TestChannel());
        Received<int>[] own = [], others = [];
        Task<int>? select = null, other = null;

        await Scenario.Together(
            () =>
            {
                var cases = Select.Receive(first, out var one).Receive(second, out var two).Done(ctx);
                own = [one, two];
                select = cases.AsTask();
            },
            () =>
            {
                var cases = Select.Receive(first, out var one).Receive(second, out var two);
                others = [one, two];
                other = cases.AsTask();
            },
            () =>
            {
                first.Send(1);
                ctx.Cancel();
            },
            () => second.Send(2));

        // There is an item for each select. If a select is not told, this waits for ever, and Coyote reports
        // it.
        var index = await select!;
        var otherIndex = await other!;

        CheckTaken(index, own);
        CheckTaken(otherIndex, others);
        List<int> received = [.. own.Concat(others).Where(one => one.HasItem).Select(one => one.Item)];
        while (first.TryRead(out var item) || second.TryRead(out item))
        {
            received.Add(item);
        }

        received.Sort();
        Scenario.Check(received is [1, 2], "Every item is received once, or is still in its channel.");
        Scenario.Check(
            first.WaitCount == 0 && second.WaitCount == 0, "Once a select is over it waits nowhere.");
        Scenario.Check(ctx.CallbackCount == 0, "Once a select is over it hangs on no context.");
    }

    private static void CheckTaken(int index, Received<int>[] received)
    {
        for (var i = 0; i < received.Length; i++)
        {
            Scenario.Check(
                received[i].HasItem == (i == index), "The case that was taken has received, and no other.");
        }
    }
}
