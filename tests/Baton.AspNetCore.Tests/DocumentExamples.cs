#pragma warning disable CA1822 // A method of a hub is an instance method.
using System.Net;
using System.Security.Claims;
using System.Threading.Channels;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.TestHost;

namespace Baton.AspNetCore.Tests;

/// <summary>The code of docs/aspnetcore.md, compiled and run.</summary>
public sealed class DocumentExamples
{
    [Fact]
    public async Task Work_that_is_queued_keeps_the_values_goes_on_after_the_request_and_ends_with_its_worker()
    {
        var queue = new WorkQueue();
        await using var server = await Server.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.RequestContext = http.RequestContext.WithValue(Keys.Tenant, "acme");
                return next(http);
            });

            // aspnetcore: after
            app.MapPost("/orders", (Context ctx, Order order, IServiceScopeFactory scopes, WorkQueue queue) =>
            {
                var kept = ctx.WithoutCancel();                         // the request's end does not reach it
                queue.Add(async stopping =>
                {
                    using var work = kept.WithCancel(stopping);         // the end of the worker that runs it does
                    await using var scope = scopes.CreateAsyncScope(work);
                    await scope.ServiceProvider.GetRequiredService<Mailer>().SendAsync(work, order);
                });
                return Results.Accepted();
            });
            // end
        }, builder =>
        {
            builder.Services.AddSingleton(queue);
            builder.Services.AddScoped<Mailer>();
        });
        using var response = await server.Client.PostAsync(
            "/orders", new StringContent("""{"id":7}""", null, "application/json"));
        using var stopping = new CancellationTokenSource();

        var work = (await WaitFor.Result(queue.TakeAsync()))(stopping.Token);
        var (ctx, injected) = await WaitFor.Result(Mailer.Sent.Task);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(ctx.IsDone);
        Assert.Equal("acme", injected.Value(Keys.Tenant));
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<ContextCanceledException>(() => work);
    }

    [Fact]
    public async Task The_timeouts_are_those_of_the_endpoints()
    {
        await using var server = await Server.StartAsync(app =>
        {
            // aspnetcore: timeouts
            app.MapGet("/report", async (Context ctx, Reports reports) =>
            {
                using var quick = ctx.WithTimeout(TimeSpan.FromSeconds(2));     // for one part of the work
                return await reports.SummaryAsync(quick);
            }).WithRequestTimeout(TimeSpan.FromMinutes(1));                     // for the whole request
            app.MapGet("/events", (Context ctx, Feed feed) => feed.Follow(ctx)).DisableRequestTimeout();
            // end
        }, builder =>
        {
            builder.Services.AddBaton(options => options.Timeout = TimeSpan.FromSeconds(10));
            builder.Services.AddSingleton<Reports>().AddSingleton<Feed>();
        });

        Assert.Equal("quick", await server.Client.GetStringAsync("/report"));
        Assert.Equal("none", await server.Client.GetStringAsync("/events"));
    }

    [Fact]
    public async Task The_user_is_a_value_and_a_service_takes_the_context()
    {
        await using var server = await Server.StartAsync(app =>
        {
            // aspnetcore: values
            app.UseAuthentication();
            app.Use((http, next) =>
            {
                http.RequestContext = http.RequestContext.WithValue(Keys.User, http.User);      // for everything after this line
                return next(http);
            });
            // end
            app.MapGet("/orders/{id:int}", async (Context ctx, int id, Orders orders) =>
                (await orders.FindAsync(id))!.Id == id && ctx.Value(Keys.User) is not null);
        }, builder =>
        {
            builder.Services.AddAuthentication();
            builder.Services.AddScoped<Orders>().AddSingleton<Db>();
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/orders/7"));
    }

    [Fact]
    public async Task The_response_of_a_canceled_request_is_as_configured()
    {
        var builder = Server.Builder();
        builder.Services.AddBaton(static options => options.Timeout = TimeSpan.FromMilliseconds(20));

        // aspnetcore: response
        builder.Services.AddProblemDetails();                               // canceled requests get problem details
        builder.Services.AddBaton(options => options.ConfigureResponse = (http, response) =>
        {
            if (response.Cause is RequestTimeoutException)
            {
                response.RetryAfter = TimeSpan.FromSeconds(2);              // whole seconds, rounded up
            }
        });
        await using var app = builder.Build();
        app.UseBaton();
        app.MapGet("/slow", Handle).WithCancellationResponse((http, response) => response.StatusCode = 408);
        // end
        app.MapGet("/other", Handle);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var slow = await client.GetAsync("/slow");
        using var other = await client.GetAsync("/other");

        Assert.Equal(408, (int)slow.StatusCode);
        Assert.Equal(504, (int)other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(2), other.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task The_health_check_turns_unhealthy_when_the_application_is_asked_to_stop()
    {
        var builder = Server.Builder();

        // aspnetcore: stopping
        builder.Services.AddHealthChecks().AddServerLifetimeCheck();        // unhealthy once the server is asked to stop
        builder.Services.AddBaton(options =>
        {
            options.ShutdownDelay = TimeSpan.FromSeconds(5);                // still taking requests
            options.ShutdownGrace = TimeSpan.FromSeconds(15);               // for running requests, before they are canceled
        });
        await using var app = builder.Build();
        app.UseBaton();
        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        // end
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var before = await client.GetAsync("/ready");
        using var limit = new CancellationTokenSource();
        var stopping = app.StopAsync(limit.Token);
        using var after = await client.GetAsync("/ready");
        await limit.CancelAsync();
        await WaitFor.Completion(stopping);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, after.StatusCode);
    }

    [Fact]
    public async Task A_hubs_method_takes_a_context_and_an_announcement_does_not_end_with_its_sender()
    {
        await using var server = await Server.StartAsync(
            static app => app.MapHub<ChatHub>("/chat"),
            static builder =>
            {
                builder.Services.AddSignalR();
                builder.Services.AddSingleton<Answers>();
            });
        await using var client = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Client.BaseAddress!, "/chat")).Build();
        var heard = new TaskCompletionSource<string>();
        client.On<string>("announced", heard.SetResult);
        await client.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("why? live", await client.InvokeAsync<string>("Ask", "why?"));
        await client.InvokeAsync("Announce", "closed on Monday");
        Assert.Equal("closed on Monday", await WaitFor.Result(heard.Task));
    }

    [Fact]
    public async Task A_test_ends_a_request_as_a_client_does()
    {
        var began = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = Server.Builder();
        builder.WebHost.UseTestServer();
        builder.Services.AddBaton();
        await using var app = builder.Build();
        app.UseBaton();
        app.MapGet("/orders/{id}", async (Context ctx) =>
        {
            began.SetResult(ctx);
            await ctx.Delay(Timeout.InfiniteTimeSpan);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var factory = new Factory(app);
        var running = WaitFor.Result(began.Task);

        // aspnetcore: testing
        var http = new DefaultHttpContext();
        http.RequestContext = Context.Background.WithValue(Keys.Tenant, "acme");    // enough for middleware and handlers

        using var client = factory.CreateClient();                                  // WebApplicationFactory, TestServer
        using var leaves = new CancellationTokenSource();
        var asking = client.GetAsync("/orders/7", leaves.Token);
        await running;                                                              // the handler has begun
        leaves.Cancel();                                                            // ctx.Cause: ClientDisconnectedException
        // end
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var ctx = await running;
        await WaitFor.Completion(Select.Done(ctx).AsTask());

        Assert.Equal("acme", http.RequestContext.Value(Keys.Tenant));
        Assert.IsType<ClientDisconnectedException>(ctx.Cause);
    }

    private static Task Handle(Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan);

    private static class Keys
    {
        internal static readonly ContextKey<string> Tenant = new("tenant");
        internal static readonly ContextKey<ClaimsPrincipal> User = new("user");
    }

    internal sealed record Order(int Id);

    internal sealed class WorkQueue
    {
        private readonly Channel<Func<CancellationToken, Task>> _work =
            Channel.CreateUnbounded<Func<CancellationToken, Task>>();

        internal void Add(Func<CancellationToken, Task> work) => _work.Writer.TryWrite(work);

        internal Task<Func<CancellationToken, Task>> TakeAsync() => _work.Reader.ReadAsync().AsTask();
    }

    private sealed class Mailer(Context ctx)
    {
        internal static readonly TaskCompletionSource<(Context Given, Context Injected)> Sent =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task SendAsync(Context given, Order order)
        {
            Sent.SetResult((given, ctx));
            return order.Id == 7 ? given.Delay(Timeout.InfiniteTimeSpan) : Task.CompletedTask;
        }
    }

    internal sealed class Reports
    {
        private readonly TimeSpan _most = TimeSpan.FromSeconds(2);

        internal Task<string> SummaryAsync(Context ctx) => Task.FromResult(
            ctx.Remaining <= _most ? "quick" : "slow");
    }

    internal sealed class Feed
    {
        private readonly string _none = "none";

        internal string Follow(Context ctx) => ctx.Deadline is null ? _none : "some";
    }

    internal sealed class Db
    {
        public Db() => Orders = this;

        internal Db Orders { get; }

        internal Task<Order?> FindAsync(Context ctx, int id)
        {
            ctx.ThrowIfDone();
            return Task.FromResult(Orders is null ? null : new Order(id));
        }
    }

    // aspnetcore: services
    [ContextCarrier]                                                        // tells BTN003: one object for one request
    internal sealed class Orders(Context ctx, Db db)                        // registered as scoped
    {
        public Task<Order?> FindAsync(int id) => db.Orders.FindAsync(ctx, id);
    }
    // end

    internal sealed class Answers
    {
        private readonly string _answer = "live";

        internal Task<string> FindAsync(Context ctx, string question) =>
            Task.FromResult($"{question} {(ctx.IsDone ? "done" : _answer)}");
    }

    // aspnetcore: hubs
    internal sealed class ChatHub : Hub
    {
        public Task<string> Ask(Context ctx, string question, Answers answers) => answers.FindAsync(ctx, question);

        public Task Announce(string text) =>
            Clients.All.SendAsync("announced", text, Baton.Context.Background);    // others' messages do not end with the sender
    }
    // end

    /// <summary>Has of <c>WebApplicationFactory</c> what the document uses.</summary>
    private sealed class Factory(WebApplication app)
    {
        internal HttpClient CreateClient() => app.GetTestClient();
    }
}
