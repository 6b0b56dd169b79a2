using System.Diagnostics;

namespace Baton.Http;

/// <summary>
/// Finds the activity that .NET's handler makes for a request, inside of the call to it, where no handler of ours
/// can see it.
/// </summary>
internal static class HttpActivities
{
    private const string Name = "System.Net.Http";

    /// <summary>
    /// A source of the same name has the same listeners, so it tells whether anybody records the activities of
    /// requests. It starts none.
    /// </summary>
    private static readonly ActivitySource s_alike = new(Name);

    private static readonly AsyncLocal<Slot?> s_current = new();
    private static readonly Lock s_gate = new();
    private static ActivityListener? s_listener;

    /// <summary>Whether anybody records the activities of requests. If not, nothing here listens either.</summary>
    internal static bool AreRecorded
    {
        get
        {
            var areRecorded = s_alike.HasListeners();
            if (areRecorded != Volatile.Read(ref s_listener) is not null)
            {
                Listen(areRecorded);
            }

            return areRecorded;
        }
    }

    /// <summary>The place of the attempt that the current flow of execution makes.</summary>
    internal static Slot? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    private static void Listen(bool isListening)
    {
        lock (s_gate)
        {
            if (!isListening)
            {
                s_listener?.Dispose();
                Volatile.Write(ref s_listener, null);
            }
            else if (s_listener is null)
            {
                // It samples nothing: which activities there are is for the others to say.
                var listener = new ActivityListener
                {
                    ShouldListenTo = static source => source.Name == Name && source != s_alike,
                    ActivityStarted = static activity =>
                    {
                        // When the others have left, the first activity that there is after that ends this listener.
                        if (AreRecorded)
                        {
                            s_current.Value?.Trace?.Attach(activity);
                        }
                    },
                };
                ActivitySource.AddActivityListener(listener);
                Volatile.Write(ref s_listener, listener);
            }
        }
    }

    /// <summary>
    /// Holds an attempt until it is over. A connection that is made meanwhile keeps the flow of execution that it
    /// was made in, and so this object, for as long as it is open.
    /// </summary>
    internal sealed class Slot(AttemptTrace trace)
    {
        private volatile AttemptTrace? _trace = trace;

        internal AttemptTrace? Trace => _trace;

        internal void Clear() => _trace = null;
    }
}
