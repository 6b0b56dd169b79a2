using System.Diagnostics;

namespace Baton.Tests;

/// <summary>
/// Listens to the calls that a package tells of: docs/integrating.md describes the events. Other tests make calls at the
/// same time, so only those of one context count.
/// </summary>
internal sealed class CallListener
    : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    internal const string Start = "Baton.Call.Start";
    internal const string Stop = "Baton.Call.Stop";

    private readonly Lock _lock = new();
    private readonly string _package;
    private readonly Context _ctx;
    private readonly List<(string Name, IReadOnlyDictionary<string, object?> Call)> _events = [];
    private readonly List<IDisposable> _subscriptions = [];

    internal CallListener(string package, Context ctx)
    {
        (_package, _ctx) = (package, ctx);
        Hold(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>The names of what was told so far, in order.</summary>
    internal string[] Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _events.Select(static one => one.Name)];
            }
        }
    }

    /// <summary>The calls that have begun, in order.</summary>
    internal IReadOnlyDictionary<string, object?>[] Begun => CallsOf(Start);

    /// <summary>The calls that have ended, in order.</summary>
    internal IReadOnlyDictionary<string, object?>[] Ended => CallsOf(Stop);

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == _package)
        {
            Hold(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IReadOnlyDictionary<string, object?> call && ReferenceEquals(call["Context"], _ctx))
        {
            lock (_lock)
            {
                _events.Add((value.Key, call));
            }
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
            held = [.. _subscriptions];
        }

        Array.ForEach(held, static one => one.Dispose());
    }

    private IReadOnlyDictionary<string, object?>[] CallsOf(string name)
    {
        lock (_lock)
        {
            return [.. _events.Where(one => one.Name == name).Select(static one => one.Call)];
        }
    }

    private void Hold(IDisposable subscription)
    {
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }
    }
}
