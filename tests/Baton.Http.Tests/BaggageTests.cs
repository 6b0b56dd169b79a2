using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Baton.Http.Tests;

/// <summary>
/// The header that is shared with tracing: each side's members cross, and none of them twice.
/// </summary>
[Collection(nameof(Tracing))]
public sealed class BaggageTests
{
    private static readonly ContextKey<string> s_region = new("region");

    private readonly ContextPropagation _propagation =
        new ContextPropagation { SendTo = ["*"] }.RegisterBaggage(s_region, "region", ContextCodec.Text);

    [Fact]
    public async Task Members_cross_without_tracing() => Assert.Equal(["region=eu%3B1"], await SeenAsync());

    [Fact]
    public async Task Members_of_the_activity_cross_too()
    {
        using var activity = new Activity("test");
        activity.AddBaggage("user", "ü 1").AddBaggage("region", "theirs").Start();

        Assert.Equal(["region=eu%3B1", "user=%C3%BC%201"], await SeenAsync());
    }

    [Fact]
    public async Task Members_that_the_caller_has_written_itself_cross_too()
    {
        Assert.Equal(["mine=1", "region=eu%3B1"], await SeenAsync("mine=1, region=theirs"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Members_of_OpenTelemetry_cross_too(bool isOfFactory)
    {
        using var tracing = Sdk.CreateTracerProviderBuilder().AddHttpClientInstrumentation()
            .AddSource("test").Build();
        using var source = new ActivitySource("test");
        using var activity = source.StartActivity("test");
        Assert.NotNull(activity);
        Baggage.SetBaggage("user", "u1");

        Assert.Equal(["region=eu%3B1", "user=u1"], await SeenAsync(isOfFactory: isOfFactory));
    }

    private async Task<string[]> SeenAsync(string? written = null, bool isOfFactory = false)
    {
        string? seen = null;
        await using var server = await Server.StartBareAsync(app => app.MapGet("/", (HttpContext http) =>
        {
            seen = http.Request.Headers["baggage"];
        }));
        using var client = isOfFactory ? OfFactory() : new HttpClient(
            new BatonHandler(new SocketsHttpHandler(), new BatonHttpOptions { Propagation = _propagation }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Client.BaseAddress);
        if (written is not null)
        {
            request.Headers.Add("baggage", written);
        }

        using var response = await client.SendAsync(Context.Background.WithValue(s_region, "eu;1"), request);

        return [.. (seen ?? "").Split(',')
            .Select(member => member.Replace(" ", "", StringComparison.Ordinal)).Order()];
    }

    private HttpClient OfFactory()
    {
        var services = new ServiceCollection().AddSingleton(_propagation);
        services.AddHttpClient("orders").AddBatonHandler();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>()
            .CreateClient("orders");
    }
}
