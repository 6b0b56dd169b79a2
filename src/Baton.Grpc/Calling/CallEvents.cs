using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Grpc;

/// <summary>Tells whoever listens of calls that begin and end: docs/integrating.md describes the events.</summary>
internal static class CallEvents
{
    private static readonly DiagnosticListener s_listener = new("Baton.Grpc");

    /// <summary>A call begins.</summary>
    /// <param name="ctx">Its context.</param>
    /// <param name="target">Whom it calls: scheme, host and port, and nothing that a user may have written.</param>
    /// <param name="operation">What it calls there, where that is no user's text.</param>
    /// <returns>What its end is told with; null if nobody listens.</returns>
    internal static object? Start(Context ctx, Uri? target, string? operation)
    {
        if (!s_listener.IsEnabled())
        {
            return null;
        }

        var call = new Dictionary<string, object?>
        {
            ["Context"] = ctx,
            ["Target"] = target is { IsAbsoluteUri: true } ? $"{target.Scheme}://{target.Authority}" : null,
            ["Operation"] = operation,
            ["Remaining"] = ctx.Deadline is null ? null : ctx.Remaining,
        };
        Write("Baton.Call.Start", call);
        return call;
    }

    /// <summary>A call has ended.</summary>
    /// <param name="call">What <see cref="Start"/> gave. Null: nothing happens.</param>
    internal static void Stop(object? call)
    {
        if (call is not null)
        {
            Write("Baton.Call.Stop", call);
        }
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "A listener reads a dictionary, and no members of a type.")]
    private static void Write(string name, object call) => s_listener.Write(name, call);
}
