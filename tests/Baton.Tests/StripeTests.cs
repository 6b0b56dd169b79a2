namespace Baton.Tests;

/// <summary>
/// A context from which many threads derive, so that its children and callbacks are spread over stripes.
/// </summary>
public sealed class StripeTests
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Fact]
    public async Task A_cancel_reaches_children_and_callbacks_from_before_and_after_the_spreading()
    {
        var cause = new InvalidOperationException("cause");
        var (first, second) = (new Signal(), new Signal());
        var before = _parent.WithCancel();
        _parent.AfterFunc(first.SetResult);

        _parent.SpreadOut();
        var since = _parent.WithTimeout(TimeSpan.FromHours(1)).WithCancel();
        _parent.AfterFunc(second.SetResult);
        Assert.Equal((2, 2), (_parent.ChildCount, _parent.CallbackCount));
        _parent.Cancel(cause);

        Assert.Same(cause, before.Cause);
        Assert.Same(cause, since.Cause);
        Assert.Same(_parent.Err, since.Err);
        await WaitFor.Completion(Task.WhenAll(first.Task, second.Task));
        Assert.Equal((0, 0), (_parent.ChildCount, _parent.CallbackCount));
    }

    [Fact]
    public void A_token_from_before_the_spreading_is_still_the_token()
    {
        var token = _parent.Done;

        _parent.SpreadOut();
        _parent.SpreadOut();

        Assert.Equal(token, _parent.Done);
        Assert.Same(_parent, Context.FromToken(token));
        _parent.Cancel();
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public void Children_and_callbacks_can_leave()
    {
        var before = _parent.WithCancel();
        var stoppedBefore = _parent.AfterFunc(() => { });
        _parent.SpreadOut();
        var since = Enumerable.Range(0, 20).Select(_ => _parent.WithCancel()).ToArray();
        var functions = Enumerable.Range(0, 20).Select(_ => _parent.AfterFunc(() => { })).ToArray();

        before.Dispose();
        Assert.True(stoppedBefore.Stop());
        Array.ForEach(since[..10], static child => child.Dispose());
        Assert.All(functions[10..], static function => Assert.True(function.Stop()));

        Assert.Equal((10, 10), (_parent.ChildCount, _parent.CallbackCount));
        Assert.False(_parent.IsDone);
        Array.ForEach(since, static child => child.Dispose());
        Assert.All(functions[..10], static function => Assert.True(function.Stop()));
        Assert.Equal((0, 0), (_parent.ChildCount, _parent.CallbackCount));
    }

    [Fact]
    public void A_callback_that_was_stopped_before_it_is_added_does_not_stay()
    {
        _parent.SpreadOut();
        var callback = new Stopped();

        Assert.True(callback.TryStop());
        _parent.Remove(callback);
        _parent.Add(callback);

        Assert.Equal(0, _parent.CallbackCount);
        Assert.NotEqual(0, callback.Stripe);
    }

    [Fact]
    public void After_the_end_a_new_child_ends_and_a_new_callback_runs()
    {
        var token = _parent.Done;
        _parent.SpreadOut();
        _parent.Cancel();

        using var child = _parent.WithCancel();

        Assert.Same(_parent.Err, child.Err);
        Assert.False(_parent.AfterFunc(() => { }).Stop());
        Assert.True(token.IsCancellationRequested);
        _parent.SpreadOut();
    }

    private sealed class Stopped : Callback
    {
        internal override void Run() => Assert.Fail("It was stopped.");
    }
}
