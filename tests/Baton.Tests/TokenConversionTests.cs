using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>
/// A context can be passed wherever a token can: real calls that it ends, whose exceptions have its token.
/// </summary>
public sealed class TokenConversionTests
{
    public static TheoryData<string> Calls => [.. s_calls.Keys];

    private static readonly Dictionary<string, Func<Context, Task>> s_calls = new()
    {
        ["Task.Delay"] = ctx => Task.Delay(TimeSpan.FromDays(1), ctx),
        ["Task.Delay on a clock"] = ctx => Task.Delay(TimeSpan.FromDays(1), new FakeTimeProvider(), ctx),
        ["Task.WaitAsync"] = ctx => new TaskCompletionSource().Task.WaitAsync(ctx),
        ["Task.WaitAsync with a timeout"] = ctx =>
            new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromDays(1), ctx),
        ["Task.Wait"] = ctx => Blocking(() => new TaskCompletionSource().Task.Wait(ctx)),
        ["Parallel.ForEachAsync"] = ctx => Parallel.ForEachAsync(
            Enumerable.Range(0, 4), ctx,
            static async (_, token) => await Task.Delay(TimeSpan.FromDays(1), token)),
        ["Parallel.For"] = ctx => Blocking(() => Parallel.For(
            0, int.MaxValue, new ParallelOptions { CancellationToken = ctx }, static _ => { })),
        ["PLINQ"] = ctx =>
            Blocking(() => Enumerable.Repeat(0, int.MaxValue).AsParallel().WithCancellation(ctx).Sum()),
        ["SemaphoreSlim.WaitAsync"] = ctx => new SemaphoreSlim(0).WaitAsync(ctx),
        ["SemaphoreSlim.Wait"] = ctx => Blocking(() => new SemaphoreSlim(0).Wait(ctx)),
        ["ManualResetEventSlim.Wait"] = ctx => Blocking(() => new ManualResetEventSlim().Wait(ctx)),
        ["BlockingCollection.Take"] = ctx => Blocking(() => new BlockingCollection<int>().Take(ctx)),
        ["ChannelReader.ReadAsync"] = ctx => Channel.CreateUnbounded<int>().Reader.ReadAsync(ctx).AsTask(),
        ["ChannelReader.WaitToReadAsync"] = ctx =>
            Channel.CreateBounded<int>(1).Reader.WaitToReadAsync(ctx).AsTask(),
        ["ChannelReader.ReadAllAsync"] = ctx =>
            Drain(Channel.CreateUnbounded<int>().Reader.ReadAllAsync(ctx)),
        ["ChannelWriter.WriteAsync"] = async ctx =>
        {
            var channel = Channel.CreateBounded<int>(1);
            await channel.Writer.WriteAsync(1, ctx);
            await channel.Writer.WriteAsync(2, ctx);
        },
        ["PeriodicTimer"] = async ctx =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromDays(1), new FakeTimeProvider());
            await timer.WaitForNextTickAsync(ctx);
        },
        ["IAsyncEnumerable.WithCancellation"] = async ctx =>
        {
            await foreach (var _ in Endless().WithCancellation(ctx))
            {
            }
        },
        ["PipeStream.ReadAsync"] = async ctx =>
        {
            await using var server = new AnonymousPipeServerStream(PipeDirection.Out);
            await using var client = new AnonymousPipeClientStream(
                PipeDirection.In, server.ClientSafePipeHandle);
            await client.ReadExactlyAsync(new byte[1], ctx);
        },
        ["TcpListener.AcceptTcpClientAsync"] = async ctx =>
        {
            using var listener = Listener(out _);
            await listener.AcceptTcpClientAsync(ctx);
        },
        ["NetworkStream.ReadAsync"] = async ctx =>
        {
            using var listener = Listener(out var end);
            using var client = new TcpClient();
            await client.ConnectAsync(end.Address, end.Port, ctx);
            await client.GetStream().ReadExactlyAsync(new byte[1], ctx);
        },
        ["Socket.ReceiveAsync"] = async ctx =>
        {
            using var listener = Listener(out var end);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(end, ctx);
            await socket.ReceiveAsync(new byte[1], ctx);
        },
        ["HttpClient.GetStringAsync"] = async ctx =>
        {
            using var listener = Listener(out var end);
            using var client = new HttpClient();
            await client.GetStringAsync(new Uri($"http://{end}/"), ctx);
        },
        ["Process.WaitForExitAsync"] = async ctx =>
        {
            // Both programs read their input until it ends, and it does not end before the kill.
            var name = OperatingSystem.IsWindows() ? "findstr" : "cat";
            using var process = Process.Start(
                new ProcessStartInfo(name, OperatingSystem.IsWindows() ? "x" : "")
                {
                    RedirectStandardInput = true,
                })!;
            try
            {
                await process.WaitForExitAsync(ctx);
            }
            finally
            {
                process.Kill();
            }
        },
        ["an API of one's own"] = ctx => ToListAsync(ctx),
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_ends_when_the_context_is_canceled(string call)
    {
        using var parent = Context.Background.WithCancel();
        using var ctx = parent.WithTimeout(TimeSpan.FromDays(1));
        var running = s_calls[call](ctx);
        Assert.False(running.IsCompleted);

        parent.Cancel();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(running));
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Same(ctx, Context.FromToken(e.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_ends_at_the_deadline(string call)
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));
        var running = s_calls[call](ctx);

        clock.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(running));
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.IsType<DeadlineExceededException>(ctx.Err);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_with_a_context_that_is_done_ends_at_once(string call)
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            WaitFor.Completion(s_calls[call](ctx)));

        Assert.Equal(ctx.Done, e.CancellationToken);
    }

    [Fact]
    public async Task Reading_a_file_ends_with_a_context_that_is_done_and_not_with_a_live_one()
    {
        using var ctx = Context.Background.WithCancel();
        var path = typeof(Context).Assembly.Location;
        Assert.NotEmpty(await File.ReadAllBytesAsync(path, ctx));

        ctx.Cancel();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            File.ReadAllTextAsync(path, ctx));
        Assert.Equal(ctx.Done, e.CancellationToken);
    }

    [Fact]
    public async Task A_call_that_hides_the_token_behind_one_of_its_own_still_ends()
    {
        using var ctx = Context.Background.WithCancel();
        await using var server = new NamedPipeServerStream(
            Guid.NewGuid().ToString("N"), PipeDirection.In, 1, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous);
        var waiting = server.WaitForConnectionAsync(ctx);
        Assert.False(waiting.IsCompleted);

        ctx.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(waiting));
    }

    [Fact]
    public async Task A_linked_source_is_canceled_along_with_the_context()
    {
        using var ctx = Context.Background.WithCancel();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ctx);
        var token = linked.Token;
        Assert.False(token.IsCancellationRequested);

        ctx.Cancel();

        await WaitFor.True(() => token.IsCancellationRequested);
    }

    [Fact]
    public void A_context_that_never_ends_converts_to_no_token()
    {
        CancellationToken token = Context.Background;

        Assert.Equal(CancellationToken.None, token);
        Assert.False(((CancellationToken)Context.Todo.WithoutCancel()).CanBeCanceled);
    }

    [Fact]
    public void The_token_is_the_same_every_time()
    {
        using var ctx = Context.Background.WithCancel();
        CancellationToken first = ctx;

        Assert.Equal(first, ctx.Done);
        ctx.Cancel();
        Assert.Equal(first, ctx.Done);
    }

    private static Task Blocking(Action act) => Task.Factory.StartNew(
        act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task Drain(IAsyncEnumerable<int> source)
    {
        await foreach (var _ in source)
        {
        }
    }

    private static async IAsyncEnumerable<int> Endless(
        [EnumeratorCancellation] CancellationToken token = default)
    {
        yield return 1;
        await Task.Delay(TimeSpan.FromDays(1), token);
        yield return 2;
    }

    private static TcpListener Listener(out IPEndPoint end)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        end = (IPEndPoint)listener.LocalEndpoint;
        return listener;
    }

    /// <summary>Written for tokens, long before there were contexts.</summary>
    private static async Task<List<int>> ToListAsync(CancellationToken cancellationToken = default)
    {
        await Task.Delay(TimeSpan.FromDays(1), cancellationToken);
        return [];
    }
}
