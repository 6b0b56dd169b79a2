using System.Net.WebSockets;

namespace Baton.Storm;

/// <summary>
/// Handlers of every sort: they take the context along, wait, read, write, derive, forget and ignore.
/// </summary>
internal static class Handlers
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);
    private static readonly byte[] s_block = new byte[16 * 1024];

    internal static string Good(Context ctx)
    {
        using var child = ctx.WithTimeout(s_long);
        child.ThrowIfDone();
        return "good\n";
    }

    internal static Task WaitAsync(Context ctx) => ctx.Delay(s_long);

    internal static async Task DeriveAsync(Context ctx)
    {
        using var child = ctx.WithTimeout(s_long);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(child.WithCancel());
        using var registered = child.AfterFunc(static () => { });
        await Select.After(s_long).Done(child.WithTimeout(s_long));
    }

    internal static async Task GroupAsync(Context ctx)
    {
        await using var group = ctx.Group();
        for (var i = 0; i < 4; i++)
        {
            group.Go(static ctx => ctx.Delay(s_long));
        }

        await group.WaitAsync();
    }

    /// <summary>Leaves behind what nobody disposes: the end of the request is to take it away.</summary>
    internal static async Task ForgetAsync(Context ctx)
    {
        _ = ctx.WithTimeout(s_long).AfterFunc(static () => { });
        _ = ctx.WithCancel().Done;
        await ctx.Delay(TimeSpan.FromMilliseconds(50));
    }

    internal static Task DeafAsync(Context ctx) => Task.Delay(ctx.IsDone ? 1 : 200, CancellationToken.None);

    internal static async Task ReadAsync(Context ctx, HttpRequest request)
    {
        var buffer = new byte[4096];
        try
        {
            while (await request.Body.ReadAsync(buffer, ctx) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The client broke its body off; what the context says of it is waited for.
        }

        await ctx.Delay(s_long);
    }

    internal static async Task StreamAsync(Context ctx, HttpResponse response)
    {
        while (true)
        {
            await response.Body.WriteAsync(s_block.AsMemory(0, 1024), ctx);
            await response.Body.FlushAsync(ctx);
            await ctx.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    internal static async Task LargeAsync(Context ctx, HttpResponse response)
    {
        for (var i = 0; i < 512; i++)
        {
            await response.Body.WriteAsync(s_block, ctx);
        }
    }

    internal static async Task SocketAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), http.RequestContext)).MessageType
                != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // It left without saying so.
        }
    }
}
