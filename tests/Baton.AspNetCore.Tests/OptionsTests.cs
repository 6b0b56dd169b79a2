using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

public sealed class OptionsTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    private readonly BatonOptions _options = new();

    [Fact]
    public void What_is_out_of_bounds_is_an_argument_error()
    {
        Assert.Throws<ArgumentNullException>(() => _options.BaseContext = null!);
        Assert.Throws<ArgumentOutOfRangeException>(() => _options.Timeout = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => _options.Timeout = TimeSpan.FromSeconds(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _options.MaxTimeout = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => _options.MinTimeout = TimeSpan.FromTicks(-1));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddBaton(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Answer().StatusCode = 99);
        Assert.Throws<ArgumentOutOfRangeException>(() => Answer().StatusCode = 1000);
        Assert.Throws<ArgumentOutOfRangeException>(() => Answer().RetryAfter = TimeSpan.FromTicks(-1));
    }

    [Fact]
    public void A_list_of_headers_with_a_null_in_it_fails_at_start_up()
    {
        _options.CallerDeadlines.Add(null!);

        var thrown = Assert.Throws<InvalidOperationException>(_options.Validate);

        Assert.Contains("BatonOptions.CallerDeadlines", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_within_is_kept()
    {
        _options.Timeout = TimeSpan.FromTicks(1);
        _options.Timeout = Timeout.InfiniteTimeSpan;
        _options.MaxTimeout = TimeSpan.MaxValue;
        _options.MinTimeout = TimeSpan.Zero;
        _options.Validate();

        Assert.Equal(Timeout.InfiniteTimeSpan, _options.Timeout);
        Assert.Equal(TimeSpan.MaxValue, _options.MaxTimeout);
        Assert.Equal(100, Answer(100).StatusCode);
        Assert.Equal(999, Answer(999).StatusCode);
    }

    [Fact]
    public void Those_that_contradict_each_other_fail_at_start_up_and_say_which()
    {
        var builder = Server.Builder();
        builder.Services.AddBaton(static options =>
        {
            options.MinTimeout = TimeSpan.FromSeconds(2);
            options.MaxTimeout = TimeSpan.FromSeconds(1);
        });
        using var app = builder.Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.UseBaton());

        Assert.Contains("BatonOptions.MaxTimeout, 00:00:01", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("BatonOptions.MinTimeout, 00:00:02", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_base_context_is_above_every_request_and_ends_it_with_its_cause()
    {
        using var root = Context.Background.WithValue(s_tenant, "all").WithCancel();
        var given = new TaskCompletionSource<Context>();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", async (Context ctx) =>
            {
                given.SetResult(ctx);
                await Select.Done(ctx);
                return $"{ctx.Cause!.Message} {ctx.Value(s_tenant)}";
            }),
            builder => builder.Services.AddBaton(options => options.BaseContext = root));

        var running = server.Client.GetStringAsync("/");
        await WaitFor.Result(given.Task);
        root.Cancel(new InvalidOperationException("maintenance"));

        Assert.Equal("maintenance all", await WaitFor.Result(running));
    }

    [Fact]
    public async Task ConfigureContext_adds_values_at_the_edge_and_may_bound_the_request()
    {
        var clock = new FakeTimeProvider();
        await using var server = await Server.StartAsync(
            clock,
            app => app.MapGet("/{tenant}", (Context ctx, HttpContext http) =>
                $"{ctx.Value(s_tenant)} {ctx.Remaining} {ctx == http.RequestContext} {ctx == Context.FromToken(http.RequestAborted)}"),
            options => options.ConfigureContext = static (http, ctx) => ctx
                .WithTimeout(TimeSpan.FromSeconds(3))
                .WithValue(s_tenant, (string)http.Request.RouteValues["tenant"]!));

        Assert.Equal("acme 00:00:03 True True", await server.Client.GetStringAsync("/acme"));
        var app = (CancelableContext)server.Services.GetRequiredService<BatonServer>().Context;
        await WaitFor.True(() => DeadlineQueue.For(clock).Count == 0 && app.ChildCount == 0);
    }

    [Fact]
    public async Task An_application_that_is_gone_is_let_go_of_by_the_base_context()
    {
        using var root = Context.Background.WithCancel();
        await using (var server = await Server.StartAsync(
            static app => app.MapGet("/", (Context ctx) => ctx.IsDone),
            builder => builder.Services.AddBaton(options => options.BaseContext = root)))
        {
            await server.Client.GetStringAsync("/");
            Assert.Equal(1, root.ChildCount);
        }

        Assert.Equal(0, root.ChildCount);
    }

    private static CancellationResponse Answer(int status = 504) =>
        new(new InvalidOperationException(), status);
}
