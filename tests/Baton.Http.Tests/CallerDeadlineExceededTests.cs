using System.Net;

namespace Baton.Http.Tests;

/// <summary>A 504 because our deadline had passed there, told apart from one of the service's own.</summary>
public sealed class CallerDeadlineExceededTests
{
    [Fact]
    public async Task A_service_with_Baton_says_whose_deadline_it_was()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/slow", async (Context ctx) => await ctx.Delay(Timeout.InfiniteTimeSpan));
            app.MapGet("/own", async (Context ctx) => await ctx.Delay(Timeout.InfiniteTimeSpan))
                .WithRequestTimeout(TimeSpan.FromMilliseconds(50));
        });

        // A reserve, so that the service gives up well before its caller does.
        using var client = new HttpClient(new BatonHandler(
            new SocketsHttpHandler(),
            new BatonHttpOptions { Reserve = TimeSpan.FromMinutes(60) - TimeSpan.FromMilliseconds(100) }))
        {
            BaseAddress = server.Client.BaseAddress,
        };
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(60));

        using var ours = await WaitFor.Result(client.GetAsync(ctx, "/slow"));
        using var own = await WaitFor.Result(server.Client.GetAsync(ctx, "/own"));

        Assert.Equal((HttpStatusCode.GatewayTimeout, true), (ours.StatusCode, ours.IsCallerDeadlineExceeded));
        Assert.Equal((HttpStatusCode.GatewayTimeout, false), (own.StatusCode, own.IsCallerDeadlineExceeded));
    }

    [Fact]
    public async Task A_service_without_Baton_says_nothing()
    {
        await using var server = await Server.StartBareAsync(
            app => app.MapGet("/", () => Results.StatusCode(StatusCodes.Status504GatewayTimeout)));

        using var response = await server.Client.GetAsync(Context.Background, "/");

        Assert.False(response.IsCallerDeadlineExceeded);
    }

    [Fact]
    public void The_header_on_another_status_says_nothing()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Headers.Add("Baton-Deadline-Exceeded", "caller");

        Assert.False(response.IsCallerDeadlineExceeded);
    }
}
