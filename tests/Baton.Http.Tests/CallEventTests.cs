using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Whoever listens is told of calls that begin and end.</summary>
public sealed class CallEventTests
{
    private const string Address = "http://ann:secret@stock.example:8080/users/ann?x=1";

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, Func<HttpMessageHandler, Context, CancellationToken, Task>> s_kinds = new()
    {
        ["a method"] = static (handler, ctx, _) => Client(handler).GetAsync(ctx, Address),
        ["a method that reads"] = static (handler, ctx, _) => Client(handler).GetStringAsync(ctx, Address),
        ["a request"] = static (handler, ctx, own) => Client(handler).SendAsync(Request(ctx), own),
        ["a token"] = static (handler, ctx, _) =>
            new HttpMessageInvoker(handler).SendAsync(new HttpRequestMessage(HttpMethod.Get, Address), ctx.Done),
        ["blocking"] = static (handler, ctx, own) => Task.Run(() => Client(handler).Send(Request(ctx), own)),
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly Held _held = new();

    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in s_kinds.Keys)
            {
                foreach (var end in (string[])["responds", "fails", "is canceled", "passes its deadline"])
                {
                    all.Add(kind, end);
                }
            }

            all.Add("a request", "is canceled by its own token");
            all.Add("blocking", "is canceled by its own token");
            return all;
        }
    }

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_is_told_of_once_and_so_is_its_end(string kind, string end)
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var own = new CancellationTokenSource();
        using var calls = new CallListener("Baton.Http", ctx);
        using var handler = new BatonHandler(_held);

        var calling = s_kinds[kind](handler, ctx, own.Token);
        await WaitFor.Completion(_held.Arrived.Task);
        Assert.Equal([CallListener.Start], calls.Names);
        await EndAsync(end, ctx, own);
        var failure = await Record.ExceptionAsync(() => WaitFor.Completion(calling));

        Assert.Equal(end == "responds", failure is null);
        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
        Assert.Same(calls.Begun[0], calls.Ended[0]);
    }

    [Fact]
    public async Task It_tells_whom_it_calls_and_what_time_it_has_and_nothing_that_a_user_may_have_written()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Http", ctx);
        using var client = new HttpClient(new BatonHandler(_held));
        _held.Released.SetResult(new HttpResponseMessage());

        using var response = await client.GetAsync(ctx, Address);

        var call = Assert.Single(calls.Begun);
        Assert.Equal(
            ("http://stock.example:8080", "GET", (TimeSpan?)s_minute),
            (call["Target"], call["Operation"], (TimeSpan?)call["Remaining"]));
        Assert.Equal(["Context", "Operation", "Remaining", "Target"], call.Keys.Order());
    }

    [Fact]
    public async Task A_call_without_a_deadline_has_no_time()
    {
        using var ctx = Context.Root(_clock).WithCancel();
        using var calls = new CallListener("Baton.Http", ctx);
        using var client = new HttpClient(new BatonHandler(_held));
        _held.Released.SetResult(new HttpResponseMessage());

        using var response = await client.GetAsync(ctx, Address);

        Assert.Null(Assert.Single(calls.Begun)["Remaining"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_that_is_refused_is_not_told_of(string kind)
    {
        using var ctx = Context.Root(_clock).WithCancel();
        ctx.Cancel();
        using var calls = new CallListener("Baton.Http", ctx);
        using var handler = new BatonHandler(_held);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => WaitFor.Completion(s_kinds[kind](handler, ctx, CancellationToken.None)));

        Assert.Empty(calls.Names);
    }

    [Fact]
    public async Task Each_attempt_is_told_of_as_a_call()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Http", ctx);
        _held.Released.SetResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        using var client = new HttpClient(new Twice(new BatonHandler(_held)));

        using var response = await client.GetAsync(ctx, Address);

        Assert.Equal([CallListener.Start, CallListener.Stop, CallListener.Start, CallListener.Stop], calls.Names);
        Assert.NotSame(calls.Begun[0], calls.Begun[1]);
    }

    private static HttpClient Client(HttpMessageHandler handler) => new(handler, disposeHandler: false);

    private static HttpRequestMessage Request(Context ctx)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.SetContext(ctx);
        return request;
    }

    private async Task EndAsync(string end, CancelableContext ctx, CancellationTokenSource own)
    {
        switch (end)
        {
            case "responds":
                _held.Released.SetResult(new HttpResponseMessage { Content = new StringContent("done") });
                break;
            case "fails":
                _held.Released.SetException(new HttpRequestException("refused"));
                break;
            case "is canceled":
                ctx.Cancel();
                break;
            case "passes its deadline":
                _clock.Advance(s_minute);
                break;
            default:
                await own.CancelAsync();
                break;
        }
    }

    /// <summary>A network that responds when the test says so.</summary>
    private sealed class Held : HttpMessageHandler
    {
        internal TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource<HttpResponseMessage> Released { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Arrived.TrySetResult();
            return Released.Task.WaitAsync(cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }

    private sealed class Twice(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
