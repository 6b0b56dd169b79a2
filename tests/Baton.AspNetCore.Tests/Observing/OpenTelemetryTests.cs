using System.Diagnostics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>What arrives at an exporter of OpenTelemetry, with its instrumentation of ASP.NET Core beside ours.</summary>
[Collection(nameof(Alone))]
public sealed class OpenTelemetryTests
{
    private readonly List<Activity> _traces = [];
    private readonly List<MetricSnapshot> _metrics = [];

    [Fact]
    public async Task A_deadline_is_an_error_and_a_client_that_leaves_is_not()
    {
        var began = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(app =>
        {
            app.MapGet("/late/{id}", static (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan))
                .WithRequestTimeout(TimeSpan.FromMilliseconds(20));
            app.MapGet("/left/{id}", async (Context ctx) =>
            {
                began.SetResult(ctx);
                await ctx.Delay(Timeout.InfiniteTimeSpan);
            });
        });

        using var late = await server.Client.GetAsync("/late/7");
        var client = await server.AskAsync("/left/7");
        await WaitFor.Result(began.Task);
        client.Dispose();
        var traces = server.Services.GetRequiredService<TracerProvider>();
        await WaitFor.True(() => traces.ForceFlush() && _traces.Count == 2);

        var byPath = _traces.ToDictionary(static one => one.GetTagItem("http.route")!);
        Assert.Equal(ActivityStatusCode.Error, byPath["/late/{id}"].Status);
        Assert.Equal(("timeout", "endpoint"),
            (byPath["/late/{id}"].GetTagItem("baton.cause"), byPath["/late/{id}"].GetTagItem("baton.timeout.source")));
        Assert.Equal(ActivityStatusCode.Unset, byPath["/left/{id}"].Status);
        Assert.Equal("client_disconnected", byPath["/left/{id}"].GetTagItem("baton.cause"));
        Assert.All(_traces, static one => Assert.Contains(one.Events, static moment => moment.Name == "baton.context.done"));
    }

    [Fact]
    public async Task The_causes_arrive_as_attributes_of_the_requests_duration_and_the_overrun_as_a_histogram()
    {
        await using var server = await StartAsync(static app => app
            .MapGet("/late/{id}", static (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan))
            .WithRequestTimeout(TimeSpan.FromMilliseconds(20)));

        using var late = await server.Client.GetAsync("/late/7");
        var metrics = server.Services.GetRequiredService<MeterProvider>();
        await WaitFor.True(() =>
        {
            metrics.ForceFlush();
            return _metrics.Any(static one => one.Name == "http.server.request.duration");
        });

        var duration = Point("http.server.request.duration");
        Assert.Equal("timeout", duration["baton.cause"]);
        Assert.Equal("endpoint", duration["baton.timeout.source"]);
        Assert.Equal("/late/{id}", duration["http.route"]);
        Assert.Equal("timeout", Point("baton.server.request.overrun")["baton.cause"]);
        Assert.Equal("endpoint", Point("baton.server.request.remaining")["baton.timeout.source"]);
    }

    private Dictionary<string, object?> Point(string metric)
    {
        var points = _metrics.Last(one => one.Name == metric).MetricPoints;
        var tags = new Dictionary<string, object?>();
        foreach (var tag in Assert.Single(points).Tags)
        {
            tags[tag.Key] = tag.Value;
        }

        return tags;
    }

    private Task<Server> StartAsync(Action<WebApplication> map) => Server.StartAsync(
        map,
        builder => builder.Services.AddOpenTelemetry()
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddInMemoryExporter(_traces))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation()
                .AddMeter("Baton", "Baton.AspNetCore").AddInMemoryExporter(_metrics)));
}
