using System.Text;

namespace Baton.Grpc.Tests;

/// <summary>What the caller of one call sees.</summary>
internal sealed class CallLog
{
    private readonly StringBuilder _text = new();

    internal static async Task<string> OfAsync(Probe.ProbeClient client, string kind, CallOptions options)
    {
        var log = new CallLog();
        await log.TryAsync("call", () => kind switch
        {
            "blocking" => Task.Run(() => log.Say("response", client.Unary(Request("one"), options).Text)),
            "unary" => log.UnaryAsync(client.UnaryAsync(Request("one"), options)),
            "client" => log.ClientAsync(client.ClientStream(options)),
            "server" => log.ServerAsync(client.ServerStream(Request("one"), options)),
            _ => log.DuplexAsync(client.Duplex(options)),
        });
        return log._text.ToString();
    }

    private async Task UnaryAsync(AsyncUnaryCall<Note> call)
    {
        using (call)
        {
            await TryAsync("headers", async () => Say("headers", await call.ResponseHeadersAsync));
            await TryAsync("response", async () => Say("response", (await call).Text));
            End(call.GetStatus, call.GetTrailers);
        }
    }

    private async Task ClientAsync(AsyncClientStreamingCall<Note, Note> call)
    {
        using (call)
        {
            await WriteAsync(call.RequestStream);
            await TryAsync("headers", async () => Say("headers", await call.ResponseHeadersAsync));
            await TryAsync("response", async () => Say("response", (await call).Text));
            End(call.GetStatus, call.GetTrailers);
        }
    }

    private async Task ServerAsync(AsyncServerStreamingCall<Note> call)
    {
        using (call)
        {
            await TryAsync("headers", async () => Say("headers", await call.ResponseHeadersAsync));
            await ReadAsync(call.ResponseStream);
            End(call.GetStatus, call.GetTrailers);
        }
    }

    private async Task DuplexAsync(AsyncDuplexStreamingCall<Note, Note> call)
    {
        using (call)
        {
            await WriteAsync(call.RequestStream);
            await TryAsync("headers", async () => Say("headers", await call.ResponseHeadersAsync));
            await ReadAsync(call.ResponseStream);
            End(call.GetStatus, call.GetTrailers);
        }
    }

    /// <summary>
    /// Whether a write fails, or the call after it, is a race that gRPC has too: the call says how it ended.
    /// </summary>
    private static async Task WriteAsync(IClientStreamWriter<Note> requests)
    {
        try
        {
            await requests.WriteAsync(Request("one"));
            await requests.WriteAsync(Request("two"));
            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
        }
    }

    private Task ReadAsync(IAsyncStreamReader<Note> responses) => TryAsync("read", async () =>
    {
        while (await responses.MoveNext(CancellationToken.None))
        {
            Say("read", responses.Current.Text);
        }

        Say("read", "the end");
    });

    private void End(Func<Status> status, Func<Metadata> trailers)
    {
        Try("status", () => Say("status", Text(status())));
        Try("trailers", () => Say("trailers", trailers()));
    }

    private async Task TryAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e)
        {
            Say(what, Text(e));
        }
    }

    private void Try(string what, Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            Say(what, Text(e));
        }
    }

    private void Say(string what, Metadata entries) => Say(what, string.Join(", ", entries
        .Where(static entry => entry.Key != "date")
        .Select(static entry => $"{entry.Key}={entry.Value}")));

    private void Say(string what, string text) => _text.Append(what).Append(": ").AppendLine(text);

    private static string Text(Exception e) => e switch
    {
        RpcException rpc => $"RpcException {Text(rpc.Status)} trailers {rpc.Trailers.Count}",

        // Which of them gRPC throws depends on where the cancellation meets the call.
        OperationCanceledException and not ContextException => nameof(OperationCanceledException),
        _ => $"{e.GetType().Name} {e.Message}" + (e.InnerException is { } inner ? $" <- {Text(inner)}" : ""),
    };

    private static string Text(Status status) => $"{status.StatusCode} {status.Detail}";

    private static Note Request(string text) => new() { Text = text };
}
