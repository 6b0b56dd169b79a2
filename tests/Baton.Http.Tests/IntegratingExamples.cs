using System.Net;

namespace Baton.Http.Tests;

/// <summary>
/// The integration of docs/integrating.md, compiled and run. These tests see nothing internal of the core.
/// </summary>
public sealed class IntegratingExamples
{
    private static readonly ContextKey<string> s_tenant = new("tenant");
    private static readonly Uri s_address = new("queue://orders.internal/work");

    private readonly ContextPropagation _values = new ContextPropagation
    {
        SendTo = ["*.internal"],
        AcceptFrom = [IPNetwork.Parse("127.0.0.0/8")],
    }.Register(s_tenant, "x-tenant", ContextCodec.Text);

    [Fact]
    public async Task The_time_and_the_values_arrive_and_the_end_shows_as_the_contexts_own()
    {
        using var ctx = Context.Background.WithValue(s_tenant, "acme").WithTimeout(TimeSpan.FromHours(1));
        var queue = new Queue();
        var server = new QueueServer(_values);
        var client = new QueueClient(queue, _values);
        queue.Handler = (message, _) => server.HandleAsync(
            message,
            static ctx => Task.FromResult(
                $"{ctx.Value(s_tenant)} {ctx.Remaining > TimeSpan.FromMinutes(59)}"));

        Assert.Equal("acme True", await client.CallAsync(ctx, s_address, "7"));

        var reset = new IOException("the connection was reset");
        queue.Handler = (_, token) =>
        {
            ctx.Cancel(new InvalidOperationException("no longer wanted"));
            return Task.FromException<string>(reset);
        };
        var error = await Assert.ThrowsAsync<ContextCanceledException>(() =>
            client.CallAsync(ctx, s_address, "7"));
        Assert.Same(reset, error.TransportException);
        Assert.Equal("no longer wanted", error.InnerException!.Message);
    }

    [Fact]
    public async Task A_call_for_which_too_little_time_remains_is_not_made()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(10));
        var client = new QueueClient(new Queue(), _values) { MinRemaining = TimeSpan.FromSeconds(20) };

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            client.CallAsync(ctx, s_address, "7"));

        Assert.IsType<InsufficientTimeException>(error.InnerException);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task A_caller_with_a_token_alone_is_served_too()
    {
        var queue = new Queue();
        var client = new QueueClient(queue, _values);
        Message? sent = null;
        queue.Handler = (message, _) =>
        {
            sent = message;
            return Task.FromResult("");
        };
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var source = new CancellationTokenSource();

        await client.CallAsync(s_address, "7", ctx.Done);
        Assert.True(sent!.Headers.ContainsKey("grpc-timeout"));

        await client.CallAsync(s_address, "7", source.Token);
        Assert.False(sent.Headers.ContainsKey("grpc-timeout"));
    }

    // integrating: the library
    internal sealed class Message
    {
        public required string Body { get; init; }
        public IPAddress Sender { get; init; } = IPAddress.Loopback;
        public Dictionary<string, string> Headers { get; } = [];
    }

    internal sealed class Queue
    {
        internal Func<Message, CancellationToken, Task<string>> Handler { get; set; } =
            static (_, _) => throw new InvalidOperationException("Nobody listens.");

        internal Task<string> CallAsync(Uri address, Message message, CancellationToken token) =>
            Handler(message, token);
    }
    // end

    // integrating: the client
    internal sealed class QueueClient(Queue queue, ContextPropagation values)
    {
        public TimeSpan MinRemaining { get; init; } = TimeSpan.FromMilliseconds(1);
        public DeadlineHeader Header { get; init; } = DeadlineHeader.GrpcTimeout;
        public HostList DeadlineHosts { get; init; } = new(["*"]);

        // For callers that have only a token: it may be a context's own.
        public Task<string> CallAsync(Uri address, string body, CancellationToken token) =>
            CallAsync(Context.FromToken(token), address, body);

        public async Task<string> CallAsync(Context ctx, Uri address, string body)
        {
            ctx.ThrowIfRemainingLessThan(MinRemaining);
            var message = new Message { Body = body };
            if (ctx.Deadline is not null && DeadlineHosts.Contains(address))
            {
                message.Headers[Header.Name] = Header.Format(ctx.Remaining);
            }

            if (values.SendsTo(address))
            {
                values.Inject(ctx, message.Headers, static (headers, name, value) =>
                    headers[name] = name == "baggage"
                        ? ContextPropagation.JoinBaggage(value, headers.GetValueOrDefault(name))
                        : value);
            }

            try
            {
                return await queue.CallAsync(address, message, ctx).ConfigureAwait(false);
            }
            catch (Exception e) when (
                ctx.IsDone && e is IOException or OperationCanceledException and not ContextException)
            {
                // The library noticed the end in its own way. The caller is told in the context's words.
                throw ctx.NewException(e);
            }
        }
    }
    // end

    // integrating: the server
    internal sealed class QueueServer(ContextPropagation values)
    {
        public IReadOnlyList<DeadlineHeader> CallerDeadlines { get; init; } = [DeadlineHeader.GrpcTimeout];

        public async Task<string> HandleAsync(Message message, Func<Context, Task<string>> handler)
        {
            var shortest = Timeout.InfiniteTimeSpan;
            foreach (var header in CallerDeadlines)
            {
                if (header.TryParse(message.Headers.GetValueOrDefault(header.Name), out var time)
                    && (shortest == Timeout.InfiniteTimeSpan || time < shortest))
                {
                    shortest = time;
                }
            }

            var ctx = Context.Background;
            if (values.AcceptsFrom(message.Sender))
            {
                ctx = values.Extract(
                    ctx, message.Headers, static (headers, name) => headers.GetValueOrDefault(name));
            }

            using var timed = ctx.WithTimeout(shortest);
            return await handler(timed).ConfigureAwait(false);
        }
    }
    // end
}
