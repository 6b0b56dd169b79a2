using Baton;
using Baton.Http;
using Chain;

using var stay = Context.Background.WithSignals();
var timeline = new Timeline();
await using var stock = await Shelves.StartAsync(timeline);
await using var orders = await Orders.StartAsync(timeline, stock.Urls.First());
await using var gateway = await Gateway.StartAsync(timeline, orders.Urls.Single());
using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler()))
{
    BaseAddress = new Uri(gateway.Urls.Single()),
};

Console.WriteLine(
    $"client -> gateway {gateway.Urls.Single()} -> orders {orders.Urls.Single()} -> stock {stock.Urls.First()} (gRPC)");

await Ask("A client that waits", Context.Background);

using (var leaving = Context.Background.WithCancel())
{
    var asking = Ask("A client that leaves after 300 ms", leaving);
    await Context.Background.Delay(TimeSpan.FromMilliseconds(300));
    leaving.Cancel(new InvalidOperationException("the user pressed stop"));
    await asking;
}

using (var hurried = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(500)))
{
    await Ask("A client that gives 500 ms", hurried);
}

// For a look at the three pages, which show the same request, with the same trace.
while (args is ["--stay"] && !stay.IsDone)
{
    await Ask("A client that waits, until Ctrl+C", Context.Background);
}

async Task Ask(string title, Context ctx)
{
    timeline.Begin(title);
    try
    {
        timeline.Print("client", $"asks, {Timeline.Left(ctx)}");
        var answer = await client.GetStringAsync(ctx, "/checkout/7");
        timeline.Print("client", $"gets \"{answer}\"");
    }
    catch (OperationCanceledException e)
    {
        timeline.Print(
            "client", $"stops: {e.Message}{(e.InnerException is { } cause ? $": {cause.Message}" : "")}");
    }

    await timeline.Quiet;
}
