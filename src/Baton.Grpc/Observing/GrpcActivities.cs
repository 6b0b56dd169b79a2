using System.Diagnostics;

namespace Baton.Grpc;

/// <summary>
/// Finds the activity that gRPC's client makes for a call, inside of the call to it, where no interceptor of ours
/// can see it.
/// </summary>
internal static class GrpcActivities
{
    private const string Name = "Grpc.Net.Client";
    private const string Operation = "Grpc.Net.Client.GrpcOut";

    // A source of the same name has the same listeners, so these tell whether anybody records the activities of
    // calls: those of gRPC's own source, and those that OpenTelemetry's instrumentation takes over. They start none.
    private static readonly ActivitySource s_alike = new(Name);
    private static readonly ActivitySource s_instrumented = new("OpenTelemetry.Instrumentation.GrpcNetClient");

    private static readonly AsyncLocal<CallObserver?> s_current = new();
    private static readonly Lock s_gate = new();
    private static ActivityListener? s_listener;

    /// <summary>Whether anybody records the activities of calls. If not, nothing here listens either.</summary>
    internal static bool AreRecorded
    {
        get
        {
            var areRecorded = s_alike.HasListeners() || s_instrumented.HasListeners();
            if (areRecorded != Volatile.Read(ref s_listener) is not null)
            {
                Listen(areRecorded);
            }

            return areRecorded;
        }
    }

    /// <summary>The call that the current flow of execution makes.</summary>
    internal static CallObserver? Current
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
                // It samples nothing: which activities there are is for the others to say. An activity that
                // OpenTelemetry takes over starts without a source.
                var listener = new ActivityListener
                {
                    ShouldListenTo = static source => source.Name is Name or "" && source != s_alike,
                    ActivityStarted = static activity =>
                    {
                        // When the others have left, the first activity that there is after that ends this listener.
                        if (AreRecorded && activity.OperationName == Operation)
                        {
                            s_current.Value?.Attach(activity);
                        }
                    },
                };
                ActivitySource.AddActivityListener(listener);
                Volatile.Write(ref s_listener, listener);
            }
        }
    }
}
