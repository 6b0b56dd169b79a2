using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Baton.AspNetCore.Tests;

/// <summary>A context in actions of controllers and handlers of Razor Pages.</summary>
public sealed class MvcTests
{
    private readonly ArmedClock _clock = new();

    [Theory]
    [InlineData("/api/7?q=x", "7 x True True")]
    [InlineData("/plain/7?q=x", "7 x True True")]
    [InlineData("/token", "True")]
    [InlineData("/report/7", "7 True True True")]
    public async Task It_is_the_context_of_the_request_beside_everything_else_that_is_bound(
        string path, string text)
    {
        await using var server = await StartAsync();

        Assert.Equal(text, (await server.Client.GetStringAsync(path)).Trim());
    }

    [Fact]
    public async Task It_is_never_the_body()
    {
        await using var server = await StartAsync();

        using var withBody = await server.Client.PostAsJsonAsync(
            "/api", new ContextParameterTests.Note("hello"));
        using var without = await server.Client.PostAsync("/api/alone", null);

        Assert.Equal("hello True", await withBody.Content.ReadAsStringAsync());
        Assert.Equal("True", await without.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/waits")]
    [InlineData("/plain/waits")]
    [InlineData("/report/7")]
    public async Task Its_end_has_the_response_that_it_has_everywhere(string path)
    {
        await using var server = await StartAsync();
        using var none = new FormUrlEncodedContent([]);

        var running = server.Client.PostAsync(path, none);
        await _clock.ArmedAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var answer = await WaitFor.Result(running);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_attribute_on_an_action_sets_its_timeout()
    {
        await using var server = await StartAsync();

        Assert.Equal("00:00:09", await server.Client.GetStringAsync("/api/nine"));
    }

    [Fact]
    public async Task It_is_in_no_description_of_the_API()
    {
        await using var server = await StartAsync();

        var described = server.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(static group => group.Items).ToArray();

        Assert.Contains(described, static api => api.RelativePath == "api/{id}");
        Assert.Contains(described, static api => api.RelativePath == "minimal/{id}");
        Assert.DoesNotContain(
            described.SelectMany(static api => api.ParameterDescriptions),
            static parameter => typeof(Context).IsAssignableFrom(parameter.Type) || parameter.Name == "ctx");
        Assert.Contains(
            described.SelectMany(static api => api.ParameterDescriptions),
            static parameter => parameter.Name == "id");
    }

    private Task<Server> StartAsync() => Server.StartAsync(
        _clock,
        static app =>
        {
            app.MapControllers();
            app.MapRazorPages();
            app.MapGet("/minimal/{id}", (int id, Context ctx) => $"{id} {ctx}");
        },
        static options => options.Timeout = TimeSpan.FromSeconds(2),
        static builder =>
        {
            builder.Services.AddEndpointsApiExplorer();
            builder.Services.AddControllers();
            builder.Services.AddRazorPages()
                .AddRazorPagesOptions(static pages =>
                    pages.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute()))
                .AddApplicationPart(typeof(Baton.Tests.Pages.ReportModel).Assembly)
                .ConfigureApplicationPartManager(static parts =>
                    parts.FeatureProviders.Add(new TheseControllers()));
        });

    /// <summary>Those of this class, and no others.</summary>
    private sealed class TheseControllers : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
        {
            feature.Controllers.Clear();
            feature.Controllers.Add(
                System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(ApiController)));
            feature.Controllers.Add(
                System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(PlainController)));
        }
    }

#pragma warning disable CA1822 // MVC finds no static actions.
    [ApiController]
    [Route("api")]
    public sealed class ApiController : ControllerBase
    {
        [HttpGet("{id}")]
        public string Get(int id, Context ctx, [FromQuery] string q) =>
            $"{id} {q} {ctx == HttpContext.RequestContext} {ctx == Context.FromToken(HttpContext.RequestAborted)}";

        [HttpPost]
        public string Post(ContextParameterTests.Note note, Context ctx) =>
            $"{note.Text} {ctx == HttpContext.RequestContext}";

        [HttpPost("alone")]
        public string Alone(Context ctx) => $"{ctx == HttpContext.RequestContext}";

        [HttpPost("waits")]
        public Task Wait(Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan);

        [HttpGet("nine")]
        [Microsoft.AspNetCore.Http.Timeouts.RequestTimeout(9000)]
        public string Nine(Context ctx) => ctx.Remaining.ToString();
    }

    public sealed class PlainController : Controller
    {
        [HttpGet("/plain/{id}")]
        public string Get(int id, string q, Context ctx) =>
            $"{id} {q} {ctx == HttpContext.RequestContext} {ModelState.IsValid}";

        [HttpGet("/token")]
        public string Token(CancellationToken token) =>
            $"{Context.FromToken(token) == HttpContext.RequestContext}";

        [HttpPost("/plain/waits")]
        public Task Wait(Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan);
    }
#pragma warning restore CA1822
}
