namespace Baton.Exploration.Scenarios;

/// <summary>
/// Two cancels run, one above the other, each with its cause: the first to reach a context fixes its cause.
/// </summary>
internal static class TwoCausesInOneChain
{
    internal static async Task RunAsync()
    {
        var fromTop = new InvalidOperationException("top");
        var fromMiddle = new InvalidOperationException("middle");
        var top = Context.Background.WithCancel();
        var middle = top.WithCancel();
        var leaf = middle.WithCancel();
        Exception? seenByTop = null, seenByMiddle = null;

        await Scenario.Together(
            () =>
            {
                top.Cancel(fromTop);
                seenByTop = leaf.Cause;
            },
            () =>
            {
                middle.Cancel(fromMiddle);
                seenByMiddle = middle.Cause;
                Scenario.Check(ReferenceEquals(leaf.Cause, seenByMiddle), "The leaf ends as the middle did.");
            });

        Scenario.Check(ReferenceEquals(top.Cause, fromTop), "Nothing else ends the top.");
        Scenario.Check(
            ReferenceEquals(middle.Cause, fromTop) || ReferenceEquals(middle.Cause, fromMiddle),
            "The middle ends with one of the two causes.");
        Scenario.Check(ReferenceEquals(leaf.Cause, middle.Cause), "The leaf ends as the middle did.");
        Scenario.Check(ReferenceEquals(leaf.Cause, seenByTop), "A cause once seen stays.");
        Scenario.Check(ReferenceEquals(leaf.Cause, seenByMiddle), "A cause once seen stays.");
        Scenario.Check(ReferenceEquals(leaf.Err, middle.Err), "One cancellation gives one error.");
    }
}
