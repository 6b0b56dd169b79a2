using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Client = Microsoft.AspNetCore.SignalR.Client.HubConnection;

namespace Baton.AspNetCore.Tests;

/// <summary>An application with a hub, and what the hub has seen.</summary>
internal static class HubServer
{
    internal static readonly ContextKey<string> User = new("user");
    internal static readonly ContextKey<string> Added = new("added");

    internal static TheoryData<HttpTransportType> Transports =>
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    internal static Task<Server> StartAsync(
        Seen seen, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null,
        string expectedError = "Failed to invoke hub method") =>
        Server.StartAsync(
            app =>
            {
                app.Use(static (http, next) =>
                {
                    http.RequestContext = http.RequestContext.WithValue(
                        Added, $"{http.Request.Headers["x-user"]}+");
                    return next(http);
                });
                app.MapHub<Hub>("/hub", static options => options.AllowStatefulReconnects = true);
                app.MapHub<Taker>("/taker");
                app.MapGet("/other", static (HttpContext http) => http.Request.Headers["x-user"].ToString());
                map?.Invoke(app);
            },
            builder =>
            {
                builder.Services.AddSignalR(static hubs => hubs.MaximumParallelInvocationsPerClient = 2);
                builder.Services.AddSingleton(seen);
                builder.Services.AddTransient<Shapes.Taker>();
                builder.Services.AddBaton(static options => options.ConfigureContext = static (http, ctx) =>
                    ctx.WithValue(User, http.Request.Headers["x-user"].ToString()));
                configure?.Invoke(builder);
            },
            expectedError);

    internal static async Task<Client> ConnectAsync(
        Server server, HttpTransportType transport, string user = "alice", string path = "/hub",
        Uri? through = null, bool isStateful = false)
    {
        var builder = new HubConnectionBuilder().WithUrl(
            new Uri(through ?? server.Client.BaseAddress!, path), transport,
            options => options.Headers["x-user"] = user);
        var client = (isStateful ? builder.WithStatefulReconnect() : builder).Build();
        await client.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    public sealed class Seen
    {
        internal ConcurrentQueue<Context> Calls { get; } = [];

        internal TaskCompletionSource Started { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Released { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource<Exception?> Ended { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal async Task EndAsync(Context ctx)
        {
            Calls.Enqueue(ctx);
            Started.TrySetResult();
            await Select.Done(ctx);
            Ended.TrySetResult(ctx.Cause);
        }
    }

    public sealed class Hub(Seen seen) : Microsoft.AspNetCore.SignalR.Hub
    {
        public string Who(Context ctx)
        {
            seen.Calls.Enqueue(ctx);
            return $"{ctx.Value(User)} {ctx.Value(Added)} {(ctx.IsDone ? "dead" : "live")}";
        }

        [HubMethodName("renamed")]
        public string Original(Context ctx) => $"renamed {Who(ctx)}";

        public async Task Wait(Context ctx)
        {
            await seen.EndAsync(ctx);
            ctx.ThrowIfDone();
        }

        public Task Watch(Context ctx) => seen.EndAsync(ctx);

        public async Task Finish(Context ctx)
        {
            seen.Started.TrySetResult();
            await seen.Released.Task;
            seen.Ended.TrySetResult(ctx.Cause);
        }

        public async Task AbortAndWait(Context ctx)
        {
            Context.Abort();
            await seen.EndAsync(ctx);
        }

        public async IAsyncEnumerable<int> Stream(Context ctx)
        {
            yield return 1;
            await seen.EndAsync(ctx);
            yield return 2;
        }

        public async Task<IAsyncEnumerable<string>> StreamLater(Context ctx, CancellationToken token)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            return Words();

            async IAsyncEnumerable<string> Words()
            {
                yield return "one";
                await seen.EndAsync(ctx);
            }
        }

        public ChannelReader<int> Channel(Context ctx)
        {
            var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
            channel.Writer.TryWrite(1);
            _ = seen.EndAsync(ctx);
            return channel.Reader;
        }

        public async Task<int> Upload(IAsyncEnumerable<int> numbers, Context ctx)
        {
            seen.Calls.Enqueue(ctx);
            var sum = 0;
            await foreach (var number in numbers.WithCancellation(ctx))
            {
                sum += number;
            }

            return ctx.IsDone ? -1 : sum;
        }

        public async IAsyncEnumerable<int> Echo(IAsyncEnumerable<int> numbers, Context ctx)
        {
            await foreach (var number in numbers)
            {
                yield return number;
                await seen.EndAsync(ctx);
            }
        }
    }

    /// <summary>Cannot be made, though it has got a context.</summary>
    public sealed class Thrower : Microsoft.AspNetCore.SignalR.Hub
    {
        public Thrower(Seen seen, Context ctx)
        {
            seen.Calls.Enqueue(ctx);
            throw new InvalidOperationException("Thrower");
        }
    }

    /// <summary>Takes a context wherever a hub can.</summary>
    public sealed class Taker(
        Seen seen, Context own, Shapes.Taker service, IContextAccessor accessor, IServiceScopeFactory scopes)
        : Microsoft.AspNetCore.SignalR.Hub
    {
        public override Task OnConnectedAsync()
        {
            Assert.Same(own, service.Context);
            seen.Calls.Enqueue(own);
            return Task.CompletedTask;
        }

        public async Task<string> All(Context ctx)
        {
            await using var scope = scopes.CreateAsyncScope(ctx);
            seen.Calls.Enqueue(ctx);
            await Task.Yield();
            Assert.Same(own, ctx);
            Assert.Same(own, service.Context);
            Assert.Same(own, accessor.Current);
            Assert.Same(own, scope.ServiceProvider.GetRequiredService<Shapes.Taker>().Context);
            return $"{Context.GetHttpContext()!.RequestContext.Value(User)} {ctx.Value(User)}";
        }

        public async IAsyncEnumerable<bool> Stream(Context ctx)
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return ctx == own && ctx == accessor.Current && !ctx.IsDone;
            }
        }
    }
}
