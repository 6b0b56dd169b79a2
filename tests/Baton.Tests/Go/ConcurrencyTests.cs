namespace Baton.Tests.Go;

public sealed class ConcurrencyTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1000);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    [GoTest(34)]
    public async Task A_tree_canceled_from_everywhere_at_once_ends_as_a_whole()
    {
        var random = Seeded();
        var tree = new List<CancelableContext> { Context.Background.WithCancel() };
        for (var parent = 0; tree.Count < 100; parent++)
        {
            for (var i = 0; i < 4; i++)
            {
                tree.Add(tree[parent].WithCancel());
            }
        }

        var cancels = tree.Select(static ctx => (Action)ctx.Cancel).ToArray();
        random.Shuffle(cancels);
        await WaitFor.Completion(Together.RunAsync(cancels));

        Assert.All(tree, static ctx => ContextAssert.Canceled(ctx));
        Assert.All(tree, static ctx => Assert.Equal(0, ctx.ChildCount));
    }

    [Fact]
    [GoTest(35)]
    public async Task Canceling_a_child_because_its_parent_ended_does_not_deadlock()
    {
        for (var i = 0; i < 100; i++)
        {
            using var parent = Context.Background.WithCancel();
            using var child = parent.WithCancel();
            var done = parent.Done;

            await WaitFor.Completion(Together.RunAsync(
                parent.Cancel,
                () =>
                {
                    done.WaitHandle.WaitOne();
                    child.Cancel();
                }));

            ContextAssert.Canceled(child);
        }
    }

    [Fact]
    [GoTest(36)]
    public void Canceling_any_layer_ends_the_innermost()
    {
        var random = Seeded();
        for (var round = 0; round < 50; round++)
        {
            var layers = new Layers(random, _clock, s_long);
            layers.AssertLive();

            var canceled = layers.Cancelable[random.Next(layers.Cancelable.Count)];
            canceled.Cancel();

            ContextAssert.Canceled(layers.Innermost);
            layers.AssertValues();
            layers.Cancelable[0].Cancel();
            Assert.All(layers.Cancelable, static ctx => ContextAssert.Canceled(ctx));
            Assert.Equal(0, layers.Innermost.Queue.Count);
        }
    }

    [Fact]
    [GoTest(37)]
    public void The_first_timeout_of_any_layer_ends_the_innermost()
    {
        var random = Seeded();
        for (var round = 0; round < 50; round++)
        {
            var layers = new Layers(random, _clock, TimeSpan.FromMilliseconds(200));
            layers.AssertLive();

            _clock.Advance(TimeSpan.FromMilliseconds(200));

            ContextAssert.Exceeded(layers.Innermost);
            layers.AssertValues();
            Assert.Equal(0, layers.Innermost.Queue.Count);
        }
    }

    [Fact]
    [GoTest(39)]
    public async Task A_child_made_while_its_parent_is_canceled_takes_error_and_cause_together()
    {
        var cause = new InvalidOperationException("stop");
        for (var i = 0; i < 200; i++)
        {
            using var parent = Context.Background.WithCancel();
            _ = i % 2 == 0 ? parent.Done : default;
            CancelableContext? child = null;

            await WaitFor.Completion(Together.RunAsync(
                () => parent.Cancel(cause),
                () => child = parent.WithCancel()));

            ContextAssert.Canceled(child!, cause);
            Assert.Same(parent.Err, child!.Err);
        }
    }

    [Fact]
    [GoTest(70)]
    [GoTrap(4)]
    public async Task A_cause_is_seen_whole_or_not_at_all()
    {
        var cause = new InvalidOperationException("stop");
        var contexts = Contexts(1000);

        await WaitFor.Completion(Together.RunAsync(
            contexts.Length,
            round => contexts[round].Cancel(cause),
            round =>
            {
                var ctx = contexts[round];
                Exception? seen = null;
                Together.SpinUntil(() => (seen = ctx.Cause) is not null);

                Assert.Same(cause, seen);
                Assert.IsType<ContextCanceledException>(ctx.Err);
            }));
    }

    [Theory]
    [InlineData("IsDone")]
    [InlineData("Err")]
    [InlineData("Done")]
    [GoTrap(4)]
    public async Task A_reader_that_sees_the_end_in_one_view_sees_it_in_all(string first)
    {
        var cause = new InvalidOperationException("stop");
        var contexts = Contexts(1000);
        var children = Array.ConvertAll(contexts, static ctx => ctx.WithCancel());
        var tokens = Array.ConvertAll(contexts, static ctx => ctx.Done);
        var childTokens = Array.ConvertAll(children, static ctx => ctx.Done);
        foreach (var token in tokens)
        {
            // A callback on the token makes its cancellation take longer.
            token.Register(static () => { });
        }

        Func<int, bool> isSeen = first switch
        {
            "IsDone" => round => contexts[round].IsDone,
            "Err" => round => contexts[round].Err is not null,
            _ => round => tokens[round].IsCancellationRequested,
        };

        await WaitFor.Completion(Together.RunAsync(
            contexts.Length,
            round => contexts[round].Cancel(cause),
            round =>
            {
                Together.SpinUntil(() => isSeen(round));

                // Reads the other views at once, while a gap between them would still be open.
                var (isDone, isCanceled) = (contexts[round].IsDone, tokens[round].IsCancellationRequested);
                var (isChildDone, isChildCanceled) = (children[round].IsDone,
                    childTokens[round].IsCancellationRequested);
                Assert.Equal((true, true, true, true), (isDone, isCanceled, isChildDone, isChildCanceled));
                Assert.Same(cause, contexts[round].Cause);
                Assert.Same(cause, children[round].Cause);
            }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [GoTrap(5)]
    public async Task A_reader_that_sees_the_parent_done_sees_all_children_done(bool byToken)
    {
        for (var i = 0; i < 100; i++)
        {
            using var parent = Context.Background.WithCancel();
            var children = Enumerable.Range(0, 64).Select(_ => parent.WithCancel()).ToArray();
            var tokens = children.Where(static (_, i) => i % 2 == 0)
                .Select(static child => child.Done).ToArray();
            var done = byToken ? parent.Done : default;

            await WaitFor.Completion(Together.RunAsync(
                parent.Cancel,
                () =>
                {
                    Together.SpinUntil(() => byToken ? done.IsCancellationRequested : parent.IsDone);

                    Assert.DoesNotContain(children, static child => !child.IsDone);
                    Assert.DoesNotContain(tokens, static token => !token.IsCancellationRequested);
                }));
        }
    }

    [Fact]
    [GoTrap(5)]
    public async Task A_token_callback_finds_the_whole_subtree_done()
    {
        for (var round = 0; round < 100; round++)
        {
            using var parent = Context.Background.WithCancel();
            var children = Enumerable.Range(0, 2000).Select(_ => parent.WithCancel()).ToArray();
            Assert.All(children, static child => Assert.False(child.Done.IsCancellationRequested));
            var asked = children[..10].Concat(children[^10..]);
            var seen = asked.Select(child => WhatACallbackSees(child, parent, children)).ToArray();

            parent.Cancel();

            Assert.All(await WaitFor.Result(Task.WhenAll(seen)), Assert.True);
        }

        static Task<bool> WhatACallbackSees(
            CancelableContext child, Context parent, CancelableContext[] siblings)
        {
            var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            child.Done.Register(() => seen.SetResult(
                parent.IsDone && Array.TrueForAll(siblings, static sibling => sibling.IsDone)));
            return seen.Task;
        }
    }

    /// <summary>Contexts of which every second one has a token that was read.</summary>
    private static CancelableContext[] Contexts(int count)
    {
        var contexts = Enumerable.Range(0, count)
            .Select(static _ => Context.Background.WithCancel()).ToArray();
        Assert.All(
            contexts.Where(static (_, i) => i % 2 == 0), static ctx => Assert.True(ctx.Done.CanBeCanceled));
        return contexts;
    }

    private Random Seeded()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
