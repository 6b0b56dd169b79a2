using static Baton.AspNetCore.Tests.Matrix.Requests;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>The server stops.</summary>
internal static class StopRows
{
    private const string Closed = "closed";
    private const string Live = "live";

    internal static readonly Row[] All = [
        new("`StopAsync` (Go's `Shutdown`); a request runs", "live, 200", "live, 200",
            "live, 200", RunsAsync),
        new("`StopAsync`; a stream of HTTP/2 runs", "`GOAWAY`, live, 200", "`GOAWAY`, live, 200",
            "`GOAWAY`, live, 200", RunsOverHttp2Async) { Configure = Server.OverHttp2 },
        new("`StopAsync`; a client asks anew", "refused", "refused", "refused", AsksAnewAsync),
        new("`StopAsync`; a connection is kept alive, nothing runs", Closed, Closed, Closed, KeptAliveAsync),
        new("`StopAsync`; a connection has never asked", "waited for, 5 s", Closed, Closed, NeverAskedAsync)
        {
            Kept = "Kestrel's: nobody waits on such a connection.",
        },
        new("the shutdown grace is over; the handler leaves by its context", Live, Live,
            "server is shutting down, 503", GraceAsync)
        {
            Kept = "Neither: phase two.",
            Options = static options => options.ShutdownGrace = TimeSpan.Zero,
        },
        new("the host's time is over (`Shutdown`'s context ends)", "live, left running", "canceled, cut",
            "server is shutting down, cut", LimitAsync)
        {
            Kept = "Kestrel's: nothing is left running behind a host that has gone.",
        },
        new("`StopAsync` without any time (Go's `Close`); a body unread", Live, "canceled, cut",
            "server is shutting down, cut", CloseAsync)
        {
            Kept = "Kestrel's: it needs no read to end a request.",
        },
        new("the base context is canceled", "its cause; the next has ended at its start",
            "live; the next is live",
            "its cause; the next has ended at its start", BaseAsync) { Kept = "Go's: Kestrel has none." },
    ];

    private static async Task<string> RunsAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        var stop = stage.Server.StopAsync();
        await stage.Server.RefusesAsync();
        var fate = watched.Fate;
        await watched.ReturnAsync();
        var status = await client.ReadStatusAsync();
        await WaitFor.Completion(stop);
        return $"{fate}, {status}";
    }

    private static async Task<string> RunsOverHttp2Async(Stage stage)
    {
        var client = await Http2Wire.ConnectAsync(await stage.ConnectAsync());
        var stream = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        var stop = stage.Server.StopAsync();
        await client.ReadGoAwayAsync();
        var fate = watched.Fate;
        await watched.ReturnAsync();
        var answer = await client.ReadResponseAsync(stream);

        // As clients do that were told to go away: Kestrel waits for it, up to the host's limit.
        client.Close();
        await WaitFor.Completion(stop);
        return $"`GOAWAY`, {fate}, {answer}";
    }

    private static async Task<string> AsksAnewAsync(Stage stage)
    {
        var (_, watched) = await stage.AskAsync(Get);
        var stop = stage.Server.StopAsync();
        await stage.Server.RefusesAsync();
        await watched.ReturnAsync();
        await WaitFor.Completion(stop);
        return "refused";
    }

    private static async Task<string> KeptAliveAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await watched.ReturnAsync();
        await client.ReadStatusAsync();
        await WaitFor.Completion(stage.Server.StopAsync());
        return await client.ReadToEndAsync() == "" ? Closed : "sent to";
    }

    private static async Task<string> NeverAskedAsync(Stage stage)
    {
        var client = await stage.ConnectAsync();

        // So that the server has accepted the one before.
        var (_, watched) = await stage.AskAsync(Get);
        await watched.ReturnAsync();
        await WaitFor.Completion(stage.Server.StopAsync());
        return await client.ReadToEndAsync() == "" ? Closed : "sent to";
    }

    private static async Task<string> GraceAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        var stop = stage.Server.StopAsync();
        await stage.Server.RefusesAsync();
        var fate = await stage.FateAsync(watched, isAlone: true);
        if (fate != Live)
        {
            await watched.ReturnAsync(new OperationCanceledException("provoked"));
            fate += $", {await client.ReadStatusAsync()}";
        }

        await watched.ReturnAsync();
        await WaitFor.Completion(stop);
        return fate;
    }

    private static async Task<string> LimitAsync(Stage stage)
    {
        using var limit = new CancellationTokenSource();
        var (client, watched) = await stage.AskAsync(Get);
        var stop = stage.Server.StopAsync(limit.Token);
        await stage.Server.RefusesAsync();
        Assert.Equal(Watched.Live, watched.Fate);
        await limit.CancelAsync();
        var read = await client.ReadToEndAsync();
        await WaitFor.Completion(stop);
        return $"{await stage.FateAsync(watched)}, {(read == "" ? "cut" : "answered")}";
    }

    private static async Task<string> CloseAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Post + Body);
        await WaitFor.Completion(stage.Server.StopAsync(new CancellationToken(canceled: true)));
        var read = await client.ReadToEndAsync();
        return $"{await stage.FateAsync(watched)}, {(read == "" ? "cut" : "answered")}";
    }

    private static async Task<string> BaseAsync(Stage stage)
    {
        var (_, watched) = await stage.AskAsync(Get);
        stage.Base.Cancel(new InvalidOperationException("its cause"));
        var fate = watched.Fate;
        var (_, next) = await stage.AskAsync(Get);
        return $"{fate}; the next {(next.Fate == Live ? "is live" : "has ended at its start")}";
    }
}
