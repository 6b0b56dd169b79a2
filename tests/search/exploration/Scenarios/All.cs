namespace Baton.Exploration.Scenarios;

/// <summary>
/// Every scenario, in the order in which they run. A new scenario is a file in this folder and a line here.
/// </summary>
internal static class All
{
    internal static Scenario[] Scenarios { get; } =
    [
        new("derive-against-cancel", DeriveAgainstCancel.RunAsync),
        new("timed-child-against-cancel", TimedChildAgainstCancel.RunAsync),
        new("dispose-against-deadline", DisposeAgainstDeadline.RunAsync),
        new("two-causes-in-one-chain", TwoCausesInOneChain.RunAsync),
        new("stop-against-fire", StopAgainstFire.RunAsync),
        new("stop-and-wait-against-callback", StopAndWaitAgainstCallback.RunAsync),
        new("disposal-against-task-callback", DisposalAgainstTaskCallback.RunAsync),
        new("functions-against-marking", FunctionsAgainstMarking.RunAsync),
        new("three-views", ThreeViews.RunAsync),
        new("token-during-cancel", TokenDuringCancel.RunAsync),
        new("insert-against-fire", InsertAgainstFire.RunAsync),
        new("delay-against-cancel", DelayAgainstCancel.RunAsync),
        new("two-deadlines-against-cancel", TwoDeadlinesAgainstCancel.RunAsync),
        new("siblings-leave-at-once", SiblingsLeaveAtOnce.RunAsync),
        new("child-leaves-during-cancel", ChildLeavesDuringCancel.RunAsync),
        new("stripes-against-cancel", StripesAgainstCancel.RunAsync),
        new("spreading-against-joins", SpreadingAgainstJoins.RunAsync),
        new("all-below-is-done", AllBelowIsDone.RunAsync),
        new("cancel-with-another-below", CancelWithAnotherBelow.RunAsync),
        new("merged-against-both-parents", MergedAgainstBothParents.RunAsync),
        new("merging-against-cancel", MergingAgainstCancel.RunAsync),
        new("merging-on-stripes", MergingAgainstCancel.RunOnStripesAsync),
        new("merged-seen-through-other", MergedSeenThroughOther.RunAsync),
        new("join-against-foreign-token", JoinAgainstForeignToken.RunAsync),
        new("token-seen-first", TokenSeenFirst.RunAsync),
        new("select-against-cancel", SelectAgainstCancel.RunAsync),
        new("select-against-two-senders", SelectAgainstTwoSenders.RunAsync),
        new("group-failure-against-go", GroupFailureAgainstGo.RunAsync),
        new("group-disposed-against-try-go", GroupDisposedAgainstTryGo.RunAsync),
        new("group-result-against-look", GroupResultAgainstLook.RunAsync),
        new("group-left-against-body", GroupLeftAgainstBody.RunAsync),
        new("register-against-first-use", RegisterAgainstFirstUse.RunAsync),
    ];
}
