using System.Net;

namespace Baton.Grpc.Tests;

/// <summary>
/// The rows of the table in docs/grpc.md: what gRPC's own EnableCallContextPropagation() does, and what Baton
/// does.
/// </summary>
public sealed class CallContextPropagationTests
{
    private const string Ours = "ours";
    private const string Theirs = "theirs";

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly ContextKey<string> s_tenant = new("tenant");

    [Theory]
    [InlineData(Ours)]
    [InlineData(Theirs)]
    public async Task The_deadline_of_a_gRPC_caller_goes_on(string name)
    {
        await using var hop = await Hop.StartAsync();
        var left = TimeSpan.Zero;
        hop.Front.Methods.Unary = async (note, _) => await hop.Client(name).UnaryAsync(note);
        hop.Back.Methods.Unary = (note, call) =>
        {
            left = call.Deadline - SystemNow();
            return Task.FromResult(note);
        };

        await hop.Front.BareClient.UnaryAsync(new Note(), deadline: SystemNow() + s_hour);

        Assert.Equal(1, left.TotalHours, 0.01);
    }

    [Theory]
    [InlineData(Ours)]
    [InlineData(Theirs)]
    public async Task A_gRPC_caller_that_leaves_ends_the_call_further_on(string name)
    {
        await using var hop = await Hop.StartAsync();
        var started = new TaskCompletionSource<Context>();
        hop.Front.Methods.Unary = async (note, _) => await hop.Client(name).UnaryAsync(note);
        hop.Back.Methods.All = call =>
        {
            started.SetResult(call.RequestContext);
            return call.RequestContext.Delay(s_hour);
        };
        using var leave = new CancellationTokenSource();

        var calling = hop.Front.BareClient.UnaryAsync(new Note(), cancellationToken: leave.Token);
        var ctx = await WaitFor.Result(started.Task);
        await leave.CancelAsync();

        await WaitFor.True(() => ctx.IsDone);
        await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling.ResponseAsync));
    }

    [Theory]
    [InlineData(Ours, HttpStatusCode.OK)]
    [InlineData(Theirs, HttpStatusCode.InternalServerError)]
    public async Task A_call_from_an_HTTP_endpoint(string name, HttpStatusCode answer)
    {
        await using var hop = await Hop.StartAsync(
            expectedError: "Unable to propagate server context values to the call");

        using var response = await hop.GetAsync(name, CancellationToken.None);

        Assert.Equal(answer, response.StatusCode);
    }

    [Fact]
    public async Task A_client_of_an_HTTP_endpoint_that_leaves_ends_the_call_further_on()
    {
        await using var hop = await Hop.StartAsync();
        var started = new TaskCompletionSource<Context>();
        hop.Back.Methods.All = call =>
        {
            started.SetResult(call.RequestContext);
            return call.RequestContext.Delay(s_hour);
        };
        using var leave = new CancellationTokenSource();

        var calling = hop.GetAsync(Ours, leave.Token);
        var ctx = await WaitFor.Result(started.Task);
        await leave.CancelAsync();

        await WaitFor.True(() => ctx.IsDone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(calling));
    }

    [Theory]
    [InlineData(Ours, false)]
    [InlineData(Theirs, true)]
    public async Task A_call_from_outside_any_request(string name, bool isRefused)
    {
        await using var hop = await Hop.StartAsync();

        var failure = await Record.ExceptionAsync(
            () => WaitFor.Completion(AllKinds.CallAsync(hop.Client(name), "unary", default)));

        Assert.Equal(isRefused, failure is InvalidOperationException);
        Assert.Equal(isRefused, failure is not null);
    }

    [Fact]
    public async Task With_both_a_call_from_outside_any_request_is_refused()
    {
        await using var hop = await Hop.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => WaitFor.Completion(AllKinds.CallAsync(hop.Client("both"), "unary", default)));
    }

    [Theory]
    [InlineData(Ours, 0.5)]
    [InlineData(Theirs, 1)]
    public async Task A_shorter_budget_of_the_methods_own_given_as_its_token(string name, double hours)
    {
        await using var hop = await Hop.StartAsync();
        var left = TimeSpan.Zero;
        hop.Front.Methods.Unary = async (note, call) =>
        {
            using var budget = call.RequestContext.WithTimeout(s_hour / 2);
            return await hop.Client(name).UnaryAsync(note, cancellationToken: budget);
        };
        hop.Back.Methods.Unary = (note, call) =>
        {
            left = call.Deadline - SystemNow();
            return Task.FromResult(note);
        };

        await hop.Front.BareClient.UnaryAsync(new Note(), deadline: SystemNow() + s_hour);

        Assert.Equal(hours, left.TotalHours, 0.01);
    }

    [Theory]
    [InlineData(Ours, true)]
    [InlineData(Theirs, false)]
    public async Task A_timeout_that_the_server_has_set(string name, bool goes)
    {
        await using var hop = await Hop.StartAsync(
            static builder => builder.Services.AddBaton(static options => options.Timeout = s_hour));
        DateTime? deadline = null;
        hop.Front.Methods.Unary = async (note, _) => await hop.Client(name).UnaryAsync(note);
        hop.Back.Methods.Unary = (note, call) =>
        {
            deadline = call.Deadline;
            return Task.FromResult(note);
        };

        await hop.Front.BareClient.UnaryAsync(new Note());

        Assert.Equal(goes, deadline != DateTime.MaxValue);
    }

    [Theory]
    [InlineData(Ours, typeof(ContextCanceledException))]
    [InlineData(Theirs, typeof(RpcException))]
    public async Task What_the_method_sees_when_its_caller_leaves(string name, Type type)
    {
        await using var hop = await Hop.StartAsync();
        var started = new TaskCompletionSource();
        var seen = new TaskCompletionSource<Exception>();
        hop.Front.Methods.Unary = async (note, _) =>
        {
            try
            {
                return await hop.Client(name).UnaryAsync(note);
            }
            catch (Exception e)
            {
                seen.SetResult(e);
                throw;
            }
        };
        hop.Back.Methods.All = call =>
        {
            started.SetResult();
            return call.RequestContext.Delay(s_hour);
        };
        using var leave = new CancellationTokenSource();

        var calling = hop.Front.BareClient.UnaryAsync(new Note(), cancellationToken: leave.Token);
        await WaitFor.Completion(started.Task);
        await leave.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling.ResponseAsync));

        var failure = await WaitFor.Result(seen.Task);
        Assert.Equal(
            (type, name == Ours), (failure.GetType(), failure.InnerException is ClientDisconnectedException));
    }

    [Theory]
    [InlineData(Ours, "acme")]
    [InlineData(Theirs, null)]
    public async Task Registered_values(string name, string? tenant)
    {
        var propagation = new ContextPropagation { SendTo = ["127.0.0.1"] }
            .Register(s_tenant, "x-tenant", ContextCodec.Text);
        await using var hop = await Hop.StartAsync(builder =>
        {
            builder.Services.AddSingleton(propagation);
            builder.Services.AddBaton(static options =>
                options.ConfigureContext = static (_, ctx) => ctx.WithValue(s_tenant, "acme"));
        });
        string? header = null;
        hop.Front.Methods.Unary = async (note, _) => await hop.Client(name).UnaryAsync(note);
        hop.Back.Methods.Unary = (note, call) =>
        {
            header = call.RequestHeaders.GetValue("x-tenant");
            return Task.FromResult(note);
        };

        await hop.Front.BareClient.UnaryAsync(new Note());

        Assert.Equal(tenant, header);
    }

    [Theory]
    [InlineData(Ours, "990S")]
    [InlineData(Theirs, "991S")]
    public async Task The_rounding_of_the_time_that_goes_out(string name, string header)
    {
        var budget = TimeSpan.FromSeconds(990.9);
        await using var hop = await Hop.StartAsync();
        string? written = null;
        hop.Front.Methods.Unary = async (note, call) =>
        {
            using var ctx = call.RequestContext.WithTimeout(budget);
            return await hop.Client(name).UnaryAsync(
                note, deadline: SystemNow() + budget, cancellationToken: ctx);
        };
        hop.Back.Methods.Unary = (note, call) =>
        {
            written = call.GetHttpContext().Request.Headers["grpc-timeout"];
            return Task.FromResult(note);
        };

        await hop.Front.BareClient.UnaryAsync(new Note());

        Assert.Equal(header, written);
    }

    private static DateTime SystemNow() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
