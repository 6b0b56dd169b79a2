namespace Baton.Tests.Go;

/// <summary>
/// The C# of docs/from-go.md, compiled and run. The marked regions are the document's blocks.
/// </summary>
public sealed class FromGoExamples
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Context _parent;

    public FromGoExamples() => _parent = Context.Root(_clock);

    // from-go: a key
    private static readonly ContextKey<string> s_userKey = new("user");
    // end

    [Fact]
    public void Roots()
    {
        // from-go: roots
        var ctx = Context.Background;
        ctx = Context.Todo;
        // end

        Assert.Same(Context.Todo, ctx);
    }

    [Fact]
    public void Members()
    {
        using var ctx = _parent.WithValue(s_userKey, "ann").WithTimeout(TimeSpan.FromSeconds(2));

        // from-go: members
        DateTimeOffset? deadline = ctx.Deadline;
        CancellationToken done = ctx.Done;
        ContextException? err = ctx.Err;
        bool ok = ctx.TryGetValue(s_userKey, out var user);
        // end

        Assert.Equal((_clock.GetUtcNow() + TimeSpan.FromSeconds(2), ctx.Done, true, "ann"),
            (deadline, done, ok, user));
        Assert.Null(err);
    }

    [Fact]
    public void WithCancel()
    {
        CancelableContext canceled;
        {
            var parent = _parent;

            // from-go: WithCancel
            using var ctx = parent.WithCancel();
            // end

            canceled = ctx;
            ContextAssert.Live(ctx);
        }

        ContextAssert.Canceled(canceled);
        using var again = _parent.WithCancel();
        Cancel(again);
        ContextAssert.Canceled(again);

        static void Cancel(CancelableContext ctx)
        {
            // from-go: CancelFunc
            ctx.Cancel();
            // end
        }
    }

    [Fact]
    public void WithCancelCause()
    {
        var parent = _parent;
        var err = new InvalidOperationException("stop");

        // from-go: WithCancelCause
        using var ctx = parent.WithCancel();
        ctx.Cancel(err);
        // end

        ContextAssert.Canceled(ctx, err);
        Assert.Equal("context canceled: stop", Say(ctx));

        static string Say(Context ctx)
        {
            // from-go: Cause
            var text = $"{ctx.Err?.Message}: {ctx.Cause?.Message}";
            // end

            return text;
        }
    }

    [Fact]
    public void WithDeadline()
    {
        var parent = _parent;
        var noon = _clock.GetUtcNow() + TimeSpan.FromHours(12);
        var tooLate = new TimeoutException("too late");

        // from-go: WithDeadline
        using var ctx = parent.WithDeadline(noon);
        // end

        // from-go: WithDeadlineCause
        using var explained = parent.WithDeadline(noon, tooLate);
        // end

        Assert.Equal(noon, ctx.Deadline);
        _clock.Advance(TimeSpan.FromHours(12));
        ContextAssert.Exceeded(ctx);
        ContextAssert.Exceeded(explained, tooLate);
    }

    [Fact]
    public void WithTimeout()
    {
        var parent = _parent;
        var tooSlow = new TimeoutException("too slow");

        // from-go: WithTimeout
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(2));
        // end

        // from-go: WithTimeoutCause
        using var explained = parent.WithTimeout(TimeSpan.FromSeconds(2), tooSlow);
        // end

        Assert.Equal(TimeSpan.FromSeconds(2), Left(ctx));
        _clock.Advance(TimeSpan.FromSeconds(2));
        ContextAssert.Exceeded(ctx);
        ContextAssert.Exceeded(explained, tooSlow);

        static TimeSpan Left(Context ctx)
        {
            // from-go: time left
            var left = ctx.Remaining;
            // end

            return left;
        }
    }

    [Fact]
    public void WithValue()
    {
        var parent = _parent;

        // from-go: WithValue
        var ctx = parent.WithValue(s_userKey, "ann");
        var user = ctx.Value(s_userKey);
        // end

        Assert.Equal("ann", user);
    }

    [Fact]
    public void WithoutCancel()
    {
        using var parent = _parent.WithValue(s_userKey, "ann").WithCancel();
        parent.Cancel();

        // from-go: WithoutCancel
        var ctx = parent.WithoutCancel();
        // end

        ContextAssert.Live(ctx);
        Assert.Equal("ann", ctx.Value(s_userKey));
    }

    [Fact]
    public void Errors()
    {
        using var canceled = _parent.WithCancel();
        canceled.Cancel();
        using var expired = _parent.WithTimeout(TimeSpan.Zero);

        Assert.Equal("canceled", Say(canceled));
        Assert.Equal("too late", Say(expired));
        Assert.Equal("live", Say(_parent));

        static string Say(Context ctx)
        {
            // from-go: errors
            switch (ctx.Err)
            {
                case ContextCanceledException:
                    return "canceled";
                case DeadlineExceededException:
                    return "too late";
            }
            // end

            return "live";
        }
    }

    [Fact]
    public async Task Loop()
    {
        using var ctx = _parent.WithCancel();
        var steps = 0;
        var step = () =>
        {
            if (++steps == 3)
            {
                ctx.Cancel();
            }
        };

        await Assert.ThrowsAsync<ContextCanceledException>(() => WorkAsync(ctx, step));
        Assert.Equal(3, steps);
    }

    // from-go: a function
    private static async Task WorkAsync(Context ctx, Action step)
    {
        while (true)
        {
            ctx.ThrowIfDone();
            step();
            await Task.Yield();
        }
    }
    // end

    [Fact]
    public async Task SelectOnDone()
    {
        var timeout = TimeSpan.FromSeconds(10);
        using var ctx = _parent.WithCancel();
        var said = SayAsync();
        ctx.Cancel();
        Assert.Equal("context canceled", await WaitFor.Result(said));

        async Task<string> SayAsync()
        {
            // from-go: select
            switch (await Select.After(timeout).Done(ctx))
            {
                case 0:
                    return "time is up";
                case 1:
                    return ctx.Err!.Message;
            }
            // end

            return "never";
        }
    }

    [Fact]
    public async Task Default()
    {
        Assert.Equal("live", await SayAsync(_parent));
        using var ctx = _parent.WithCancel();
        ctx.Cancel();
        Assert.Equal("done", await SayAsync(ctx));

        static async Task<string> SayAsync(Context ctx)
        {
            // from-go: select with default
            switch (await Select.Done(ctx).Default())
            {
                case 0:
                    return "done";
                default:
                    return "live";
            }
            // end
        }
    }

    [Fact]
    public async Task Sleep()
    {
        using var ctx = _parent.WithCancel();
        var slept = SleepAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await WaitFor.Completion(slept);

        var interrupted = SleepAsync();
        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(interrupted));

        async Task SleepAsync()
        {
            // from-go: sleep
            await ctx.Delay(TimeSpan.FromSeconds(1));
            // end
        }
    }

    [Fact]
    public async Task Wait()
    {
        using var ctx = _parent.WithCancel();
        var answer = new TaskCompletionSource<int>();
        var waited = WaitAsync(answer.Task);
        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(waited));
        Assert.Equal(42, await WaitAsync(Task.FromResult(42)));

        async Task<int> WaitAsync(Task<int> work)
        {
            // from-go: wait
            var result = await ctx.WaitAsync(work);
            // end

            return result;
        }
    }

    [Fact]
    public void Merge()
    {
        var gone = new InvalidOperationException("gone");
        using var ctx1 = _parent.WithCancel();
        using var ctx2 = _parent.WithCancel();

        // from-go: merge
        using var ctx = ctx1.WithCancel(ctx2);
        // end

        ctx2.Cancel(gone);
        ContextAssert.Canceled(ctx, gone);
        ContextAssert.Live(ctx1);
    }

    [Fact]
    public async Task HandOn()
    {
        using var ctx = _parent.WithCancel();
        ctx.Cancel();
        var path = Path.Combine(AppContext.BaseDirectory, "Baton.dll");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            // from-go: hand on
            var bytes = await File.ReadAllBytesAsync(path, ctx);
            // end

            Assert.NotEmpty(bytes);
        });
    }

    [Fact]
    public void TestWithoutWaiting()
    {
        // from-go: test time
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        // end
    }
}
