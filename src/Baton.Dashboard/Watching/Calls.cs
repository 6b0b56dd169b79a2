using System.Diagnostics;

namespace Baton.Dashboard;

/// <summary>
/// Hears of the calls that requests make, from Baton's own packages and from any other library that tells of them:
/// see docs/integrating.md.
/// </summary>
internal sealed class Calls : IObserver<DiagnosticListener>, IDisposable
{
    private const string Prefix = "Baton.";
    private const string Start = "Baton.Call.Start";
    private const string Stop = "Baton.Call.Stop";

    private readonly Lock _lock = new();
    private readonly Session _session;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _isOver;

    internal Calls(Session session)
    {
        _session = session;
        Hold(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        // Only these: a listener of another name may do more for a subscriber than tell of calls.
        if (value.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            Hold(value.Subscribe(new Named(this, value.Name[Prefix.Length..].ToLowerInvariant()), IsOfCall));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        IDisposable[] held;
        lock (_lock)
        {
            _isOver = true;
            held = [.. _subscriptions];
            _subscriptions.Clear();
        }

        Array.ForEach(held, static one => one.Dispose());
    }

    private static bool IsOfCall(string name) => name is Start or Stop;

    private void Hold(IDisposable subscription)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _subscriptions.Add(subscription);
                return;
            }
        }

        subscription.Dispose();
    }

    private void OnCall(string kind, string name, object? payload)
    {
        if (payload is not IReadOnlyDictionary<string, object?> call || call.GetValueOrDefault("Context") is not Context ctx
            || ServerRequest.Of(ctx) is not LiveRequest request || !request.IsOf(_session))
        {
            return;
        }

        if (name == Stop)
        {
            request.CallStopped(payload);
        }
        else if (name == Start)
        {
            request.CallStarted(new LiveCall(
                payload,
                kind,
                call.GetValueOrDefault("Target") as string,
                call.GetValueOrDefault("Operation") as string,
                _session.Clock.GetTimestamp(),
                call.GetValueOrDefault("Remaining") as TimeSpan?));
        }
    }

    private sealed class Named(Calls calls, string kind) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value) => calls.OnCall(kind, value.Key, value.Value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
