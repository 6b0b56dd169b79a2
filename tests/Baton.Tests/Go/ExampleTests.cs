using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Baton.Tests.Go;

/// <summary>The examples of Go's documentation.</summary>
public sealed class ExampleTests
{
    private static readonly ContextKey<string> s_language = new("language");

    private readonly FakeTimeProvider _clock = new();
    private readonly Context _root;

    public ExampleTests() => _root = Context.Root(_clock);

    [Fact]
    [GoTest(88)]
    public async Task A_generator_stops_when_its_reader_cancels()
    {
        var numbers = Channel.CreateBounded<int>(1);
        var seen = new List<int>();
        Task generator;
        using (var ctx = _root.WithCancel())
        {
            generator = GenerateAsync(ctx, numbers.Writer);
            await foreach (var n in numbers.Reader.ReadAllAsync(ctx))
            {
                seen.Add(n);
                if (n == 5)
                {
                    break;
                }
            }

            Assert.False(generator.IsCompleted);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(generator));
        Assert.Equal([1, 2, 3, 4, 5], seen);

        static async Task GenerateAsync(Context ctx, ChannelWriter<int> numbers)
        {
            for (var n = 1; ; n++)
            {
                await numbers.WriteAsync(n, ctx);
            }
        }
    }

    [Fact]
    [GoTest(89)]
    public async Task A_wait_that_is_longer_than_the_deadline_ends_with_the_deadline()
    {
        using var ctx = _root.WithDeadline(_clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));

        var taken = Select.After(TimeSpan.FromSeconds(1)).Done(ctx).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await WaitFor.Result(taken));
        Assert.Equal("context deadline exceeded", ctx.Err!.Message);
    }

    [Fact]
    [GoTest(90)]
    public async Task A_wait_that_is_longer_than_the_timeout_ends_with_the_timeout()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromMilliseconds(1));

        var slept = ctx.Delay(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var thrown = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(slept));
        Assert.Equal("context deadline exceeded", thrown.Message);
    }

    [Fact]
    [GoTest(91)]
    public void A_value_is_found_under_its_key_and_not_under_another()
    {
        var color = new ContextKey<string>("color");
        var ctx = _root.WithValue(s_language, "Go");

        Assert.Equal("found value: Go", Look(ctx, s_language));
        Assert.Equal("key not found: color", Look(ctx, color));

        static string Look(Context ctx, ContextKey<string> key) =>
            ctx.TryGetValue(key, out var value) ? $"found value: {value}" : $"key not found: {key}";
    }

    [Fact]
    [GoTest(92)]
    public async Task A_wait_on_a_condition_is_woken_by_the_end_of_the_context()
    {
        var condition = new object();
        var waiting = 0;
        using var ctx = _root.WithTimeout(TimeSpan.FromMilliseconds(1));
        var waiters = Together.RunAsync(Wait, Wait, Wait, Wait);

        // A waiter is counted under the lock, and releases the lock only by waiting.
        await WaitFor.True(() => Locked(() => waiting == 4));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await WaitFor.Completion(waiters);
        ContextAssert.Exceeded(ctx);

        void Wait()
        {
            using var registration = ctx.AfterFunc(() => Locked(() =>
            {
                Monitor.PulseAll(condition);
                return true;
            }));
            lock (condition)
            {
                waiting++;
                while (!ctx.IsDone)
                {
                    Monitor.Wait(condition);
                }
            }
        }

        bool Locked(Func<bool> look)
        {
            lock (condition)
            {
                return look();
            }
        }
    }

    [Fact]
    [GoTest(93)]
    public async Task A_read_that_knows_no_context_is_unblocked_by_a_callback()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await WaitFor.Completion(client.ConnectAsync((IPEndPoint)listener.LocalEndpoint));
        using var accepted = await WaitFor.Result(listener.AcceptTcpClientAsync());
        using var ctx = _root.WithTimeout(TimeSpan.FromMilliseconds(1));
        using var registration = ctx.AfterFunc(() => client.Client.Shutdown(SocketShutdown.Both));

        var read = client.GetStream().ReadAsync(new byte[1], 0, 1);
        Assert.False(read.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, await WaitFor.Result(read));
        ContextAssert.Exceeded(ctx);
    }

    [Fact]
    [GoTest(94)]
    public void Two_contexts_merge_into_one_that_ends_with_either()
    {
        var cause = new InvalidOperationException("ctx2 canceled");
        using var ctx1 = _root.WithValue(s_language, "Go").WithCancel();
        using var ctx2 = _root.WithCancel();

        using var merged = ctx1.WithCancel(ctx2);
        ContextAssert.Live(merged);
        ctx2.Cancel(cause);

        ContextAssert.Canceled(merged, cause);
        ContextAssert.Live(ctx1);
        Assert.Equal("Go", merged.Value(s_language));
        Assert.Equal(0, ctx1.ChildCount);
    }

    [Fact]
    [GoTest(94)]
    public async Task Two_contexts_can_be_merged_by_hand()
    {
        var cause = new InvalidOperationException("ctx2 canceled");
        using var ctx1 = _root.WithCancel();
        using var ctx2 = _root.WithCancel();
        using var merged = ctx1.WithCancel();
        using var registration = ctx2.AfterFunc(() => merged.Cancel(ctx2.Cause!));

        ctx2.Cancel(cause);
        await registration.StopAndWaitAsync();

        ContextAssert.Canceled(merged, cause);
        ContextAssert.Live(ctx1);
    }
}
