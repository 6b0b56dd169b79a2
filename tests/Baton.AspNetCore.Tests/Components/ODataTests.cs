using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.Extensions.Time.Testing;
using Microsoft.OData.ModelBuilder;

namespace Baton.AspNetCore.Tests;

/// <summary>OData's batches: one request of HTTP that stands for several.</summary>
public sealed class ODataTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_request_of_a_batch_has_a_context(bool isOutside)
    {
        var work = new Work();
        await using var server = await StartAsync(work, isOutside);

        using var response = await AskAsync(server);

        var statuses = await StatusesAsync(response);
        Assert.Equal([200, 200], statuses);
        await WaitFor.True(() => work.Given.Task.Result.IsDone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_ends_the_request_of_its_batch_that_runs(bool isOutside)
    {
        var work = new Work(waits: true);
        await using var server = await StartAsync(work, isOutside);
        using var leaves = new CancellationTokenSource();

        var asking = AskAsync(server, token: leaves.Token);
        var ctx = await WaitFor.Result(work.Given.Task);
        await leaves.CancelAsync();

        await WaitFor.True(() => ctx.IsDone);
        Assert.IsType<ClientDisconnectedException>(ctx.Cause);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    /// <summary>
    /// Inside <c>UseBaton()</c>, OData itself responds to what the requests of its batch throw.
    /// </summary>
    [Theory]
    [InlineData(true, 504)]
    [InlineData(false, 500)]
    public async Task A_timeout_ends_the_request_of_a_batch_that_runs(bool isOutside, int status)
    {
        var work = new Work(waits: true);
        await using var server = await StartAsync(work, isOutside);

        var asking = AskAsync(server, requests: 1);
        var ctx = await WaitFor.Result(work.Given.Task);
        _clock.Advance(s_hour);

        using var response = await WaitFor.Result(asking);
        Assert.IsType<RequestTimeoutException>(ctx.Cause);
        var statuses = await StatusesAsync(response);
        Assert.Equal([status], statuses);
    }

    private Task<Server> StartAsync(Work work, bool isOutside) => Server.StartBareAsync(
        app =>
        {
            if (isOutside)
            {
                app.UseODataBatching();
            }

            app.UseRouting();
            app.UseBaton();
            if (!isOutside)
            {
                app.UseODataBatching();
                app.UseRouting();
            }

            app.MapControllers();
        },
        builder =>
        {
            var model = new ODataConventionModelBuilder();
            model.EntitySet<Order>("Orders");
            builder.Services.AddControllers()
                .AddOData(odata => odata.AddRouteComponents(
                    "odata", model.GetEdmModel(), new DefaultODataBatchHandler()))
                .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OrdersOnly()));
            // OData writes the body of a response into its JSON as it is, so that body must be JSON as well.
            builder.Services.AddProblemDetails();
            builder.Services.AddSingleton(work).AddTransient<Shapes.Taker>();
            builder.Services.AddBaton(options =>
            {
                options.BaseContext = Context.Root(_clock);
                options.Timeout = s_hour;
            });
        });

    private static Task<HttpResponseMessage> AskAsync(
        Server server, int requests = 2, CancellationToken token = default) =>
        server.Client.PostAsJsonAsync(
            "/odata/$batch",
            new
            {
                requests = Enumerable.Range(1, requests)
                    .Select(static id => new { id = $"{id}", method = "GET", url = "Orders" }),
            },
            token);

    private static async Task<int[]> StatusesAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        using var batch = JsonDocument.Parse(text);
        return [.. batch.RootElement.GetProperty("responses").EnumerateArray()
            .Select(static one => one.GetProperty("status").GetInt32())];
    }

    public sealed class Order
    {
        public int Id { get; init; }

        public string Text { get; init; } = "";
    }

    internal sealed class OrdersController(Work work, Shapes.Taker service) : ODataController
    {
        public async Task<IActionResult> Get() =>
            Ok(new[] { new Order { Id = 1, Text = await work.RunAsync(HttpContext.RequestContext, service) } });
    }

    private sealed class OrdersOnly : ControllerFeatureProvider
    {
        protected override bool IsController(System.Reflection.TypeInfo typeInfo) =>
            typeInfo == typeof(OrdersController);
    }
}
