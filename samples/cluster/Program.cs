using Baton;
using Baton.Http;
using Cluster;

// dotnet run --project samples/cluster        two silos, each in a process of its own, and a gateway in this one
if (args is ["silo", var port, var gatewayPort, var primary])
{
    await SiloHost.RunAsync(int.Parse(port, null), int.Parse(gatewayPort, null), int.Parse(primary, null));
    return;
}

using var running = Context.Background.WithSignals();
var timeline = new Timeline();
var ports = SiloProcess.FreePorts(2);
await using var a = await SiloProcess.StartAsync("a", ports[0], ports[0], timeline);
await using var b = await SiloProcess.StartAsync("b", ports[1], ports[0], timeline);
await using var gateway = await Gateway.StartAsync(timeline, a.Gateway);
using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler())) { BaseAddress = new Uri(gateway.Urls.Single()) };
Console.WriteLine(
    $"client -> gateway {gateway.Urls.Single()} -> cart on silo a ({a.Id}) -> stock on silo b ({b.Id}) -> ledger on silo a");

await AskAsync("A client that waits. The ledger writes for 300 ms.", running, work: 300);

using (var leaving = running.WithCancel())
{
    var asking = AskAsync("A client that leaves when the request is at the ledger.", leaving, work: 60_000);
    await Task.WhenAny(timeline.AtTheLedger, asking);
    leaving.Cancel(new InvalidOperationException("the user pressed stop"));
    await asking;
}

using (var hurried = running.WithTimeout(TimeSpan.FromSeconds(2)))
{
    var asking = AskAsync(
        "A client that gives 2 s. Silo b is killed when the request is at the ledger, which would write for a minute.",
        hurried, work: 60_000);
    await Task.WhenAny(timeline.AtTheLedger, asking);
    if (running.IsDone)
    {
        return;
    }

    b.Kill();
    timeline.Print("silo b", "is killed (SIGKILL)");
    timeline.Forget("b");
    await asking;
}

async Task AskAsync(string title, Context ctx, int work)
{
    if (running.IsDone)
    {
        return;
    }

    timeline.Begin(title);
    try
    {
        timeline.Print("client", $"asks, {Timeline.Left(ctx)}");
        var response = await client.GetStringAsync(ctx, $"/checkout?work={work}");
        timeline.Print("client", $"gets \"{response}\"");
    }
    catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
    {
        timeline.Print("client", $"stops: {e.Message}{(e.InnerException is { } cause ? $": {cause.Message}" : "")}");
    }

    await Task.WhenAny(timeline.Quiet, Select.Done(running).AsTask());
}
