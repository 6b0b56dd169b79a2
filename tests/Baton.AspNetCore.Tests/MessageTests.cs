namespace Baton.AspNetCore.Tests;

/// <summary>An exception's message names what was used wrongly, the rule, and the way out.</summary>
public sealed class MessageTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Fact]
    public void A_value_that_is_out_of_bounds_is_told_with_the_option_and_the_way_out()
    {
        var options = new BatonOptions();
        var response = new CancellationResponse(new InvalidOperationException(), 504);
        foreach (var (set, name, wayOut) in new (Action, string, string)[]
        {
            (() => options.Timeout = TimeSpan.FromTicks(-77), "BatonOptions.Timeout", "Timeout.InfiniteTimeSpan"),
            (() => options.MaxTimeout = TimeSpan.FromTicks(-77), "BatonOptions.MaxTimeout", "Timeout.InfiniteTimeSpan"),
            (() => options.MinTimeout = TimeSpan.FromTicks(-77), "BatonOptions.MinTimeout", "set it to zero"),
            (() => options.ShutdownDelay = TimeSpan.FromTicks(-77), "BatonOptions.ShutdownDelay", "set it to zero"),
            (() => options.ShutdownGrace = TimeSpan.FromTicks(-77), "BatonOptions.ShutdownGrace", "set it to null"),
            (() => options.OverrunWarning = TimeSpan.FromTicks(-77), "BatonOptions.OverrunWarning", "Timeout.InfiniteTimeSpan"),
            (() => response.RetryAfter = TimeSpan.FromTicks(-77), "CancellationResponse.RetryAfter", "set it to null"),
            (() => response.StatusCode = 77, "CancellationResponse.StatusCode", "100 to 999"),
        })
        {
            var message = Assert.Throws<ArgumentOutOfRangeException>(set).Message;

            Assert.Contains(name, message, StringComparison.Ordinal);
            Assert.Contains(wayOut, message, StringComparison.Ordinal);
            Assert.Contains("77", message, StringComparison.Ordinal);
        }
    }

    /// <summary>Which function of the options asks, how it asks, and what the error says to do instead.</summary>
    public static TheoryData<string, string, string> Early
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var how in new[] { "get", "set", "service" })
            {
                data.Add("ConfigureContext", how, "its second argument");
                data.Add("ShouldAcceptCallerDeadline", how, "Decide by the request itself");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Early))]
    public async Task An_option_that_asks_for_the_context_too_early_is_told_what_it_has_instead(
        string option, string how, string wayOut)
    {
        Exception? thrown = null;
        await using var server = await Server.StartAsync(
            static app => app.MapGet("/", static (Context ctx) => !ctx.IsDone),
            builder =>
            {
                builder.Services.AddTransient<Shapes.Taker>();
                builder.Services.AddBaton(options =>
                {
                    options.ConfigureContext = (http, ctx) =>
                        option == nameof(options.ConfigureContext) ? Ask(http, ctx) : ctx;
                    options.ShouldAcceptCallerDeadline = http =>
                        option != nameof(options.ShouldAcceptCallerDeadline) || Ask(http, Context.Background).IsDone;
                });
            },
            expectedError: option);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("grpc-timeout", "1H");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal("true", await response.Content.ReadAsStringAsync());
        Assert.Contains($"BatonOptions.{option}", thrown!.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("did not pass through", thrown.Message, StringComparison.Ordinal);

        Context Ask(HttpContext http, Context ctx)
        {
            try
            {
                switch (how)
                {
                    case "get":
                        return http.RequestContext;
                    case "set":
                        return http.RequestContext = ctx.WithValue(s_key, "value");
                    default:
                        return http.RequestServices.GetRequiredService<Shapes.Taker>().Context;
                }
            }
            catch (InvalidOperationException e)
            {
                thrown = e;
                throw;
            }
        }
    }

    [Fact]
    public async Task What_ConfigureContext_returns_by_mistake_is_told_with_the_way_out()
    {
        await using var server = await Server.StartAsync(
            static app => app.MapGet("/", static (Context ctx) => !ctx.IsDone),
            static builder => builder.Services.AddBaton(static options =>
                options.ConfigureContext = static (_, _) => Context.Background.WithValue(s_key, "value")),
            expectedError: "ConfigureContext");

        Assert.Equal("true", await server.Client.GetStringAsync("/"));

        var line = Assert.Single(server.Logs, static one => one.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains("(http, ctx) => ctx.WithValue(key, value)", line, StringComparison.Ordinal);
        Assert.Contains($"not {Context.Background.WithValue(s_key, "value")}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_singleton_that_gets_a_context_through_other_services_is_named_with_them(bool isValidated)
    {
        using var services = new ServiceCollection()
            .AddBaton()
            .AddSingleton<Shelf>()
            .AddTransient<Board>()
            .AddTransient<Shapes.Taker>()
            .BuildServiceProvider(isValidated);
        services.GetRequiredService<SingletonCheck>().Check(services);

        var thrown = Assert.ThrowsAny<InvalidOperationException>(services.GetRequiredService<Shelf>);

        Assert.Contains(
            $"The singleton {typeof(Shelf)} by way of {typeof(Board)} by way of {typeof(Shapes.Taker)} cannot take",
            thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Register it as scoped", thrown.Message, StringComparison.Ordinal);
    }

    internal sealed class Board(Shapes.Taker taker)
    {
        internal Context Context => taker.Context;
    }

    internal sealed class Shelf(Board board)
    {
        internal Context Context => board.Context;
    }
}
