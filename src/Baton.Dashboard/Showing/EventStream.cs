using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Baton.Dashboard;

/// <summary>
/// Sends an open page what it shows: at most four times a second, and the next only after the last was taken.
/// </summary>
internal sealed class EventStream(Watch watch, ILogger logger)
{
    /// <summary>How long a browser may take for one update. One that reads nothing is cut then.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Updates between two of the endpoints and of the history.</summary>
    private const int Rarely = 4;

    internal async Task RunAsync(HttpContext http)
    {
        if (watch.TryEnter() is not { } snapshots)
        {
            http.Response.Headers.RetryAfter = "10";
            await Replies.TextAsync(
                http, StatusCodes.Status503ServiceUnavailable,
                $"{Watch.MaxReaders} pages are open already. Close one of them.").ConfigureAwait(false);
            return;
        }

        try
        {
            http.Response.ContentType = "text/event-stream";

            // A proxy that collects what it passes on would show nothing until it has enough.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await SendAsync(http, snapshots, Context.FromToken(http.RequestAborted)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page was closed.
        }
        finally
        {
            watch.Leave();
        }
    }

    private async Task SendAsync(HttpContext http, Snapshots snapshots, Context ctx)
    {
        var body = http.Response.BodyWriter;
        var clock = snapshots.Session.Clock;
        var start = clock.GetTimestamp();
        var second = 0L;
        for (var update = 0; ; update++)
        {
            Write(body, "requests"u8, snapshots.Requests().Span);
            if (update % Rarely == 0)
            {
                Write(body, "seconds"u8, snapshots.Seconds(second).Span);
                Write(body, "endpoints"u8, snapshots.Endpoints().Span);

                // The second that runs, and the one before it, are sent once more when they are over.
                second = Math.Max(0, snapshots.Session.History.SecondOf(clock.GetTimestamp()) - 1);
            }

            // A stream that went on while the server has nothing else to do would itself hold up the stop.
            var hasStopped = watch.Server.IsStopping && snapshots.Count() == 0;
            var isLast = hasStopped || clock.GetElapsedTime(start) >= watch.LongestVisit;
            if (isLast)
            {
                Write(body, hasStopped ? "stopped"u8 : "renew"u8, "{}"u8);
            }

            if (!await IsTakenAsync(http, ctx).ConfigureAwait(false) || isLast)
            {
                return;
            }

            await ctx.Delay(Snapshots.Fresh).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the update has been taken.</summary>
    private async Task<bool> IsTakenAsync(HttpContext http, Context ctx)
    {
        using var patience = ctx.WithTimeout(Patience);
        var isCompleted = false;
        try
        {
            isCompleted = (await http.Response.BodyWriter.FlushAsync(patience).ConfigureAwait(false)).IsCompleted;
        }
        catch (OperationCanceledException) when (IsOver(patience))
        {
            // What a server throws. Kestrel breaks the connection instead.
        }

        if (IsOver(patience))
        {
            Log.ReaderCut(logger, Patience);
            http.Abort();
            return false;
        }

        return !isCompleted;
    }

    private static bool IsOver(Context patience) => patience.Err is DeadlineExceededException;

    private static void Write(IBufferWriter<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        body.Write("event: "u8);
        body.Write(name);
        body.Write("\ndata: "u8);
        body.Write(json);
        body.Write("\n\n"u8);
    }
}
