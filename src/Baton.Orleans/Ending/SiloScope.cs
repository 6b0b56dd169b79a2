using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Diagnostics;

namespace Baton.Orleans.Ending;

/// <summary>The context of a silo, and below it one for each activation that has run a call with a context.</summary>
internal sealed class SiloScope(IOptions<BatonOrleansOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>,
      IDisposable
{
    /// <summary>
    /// The event that a deactivation begins. The grain's lifecycle speaks only after the running calls have ended.
    /// </summary>
    private const string Deactivating = nameof(GrainLifecycleEvents.Deactivating);

    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly List<IDisposable> _subscriptions = [];
    private volatile bool _isStopping;

    /// <summary>The context that ends with the grain's activation. Called on the grain's scheduler.</summary>
    internal Context Of(IGrainContext grain)
    {
        var scope = grain.GetComponent<ActivationScope>();
        if (scope is null)
        {
            scope = new ActivationScope(this, _ctx.WithCancel());
            grain.SetComponent(scope);
        }

        return scope.Ctx;
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloScope), ServiceLifecycleStage.Last, OnStart, OnStop);

    public void Dispose()
    {
        lock (_subscriptions)
        {
            _subscriptions.ForEach(static subscription => subscription.Dispose());
            _subscriptions.Clear();
        }

        _ctx.Dispose();
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == GrainLifecycleEvents.ListenerName)
        {
            Keep(value.Subscribe(this, static (name, _, _) => name == Deactivating));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is GrainLifecycleEvents.Deactivating deactivating)
        {
            OnDeactivating(deactivating.GrainContext, deactivating.Reason.ReasonCode);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private Task OnStart(CancellationToken token)
    {
        Keep(DiagnosticListener.AllListeners.Subscribe(this));
        return Task.CompletedTask;
    }

    private Task OnStop(CancellationToken token)
    {
        _isStopping = true;
        var grace = options.Value.ShutdownGrace;
        if (grace == TimeSpan.Zero)
        {
            _ctx.Cancel(new SiloShutdownException());
            return Task.CompletedTask;
        }

        // The silo goes on stopping, and waits itself until the calls have ended.
        var untilGraceEnds = _ctx.WithTimeout(grace);
        untilGraceEnds.AfterFunc(() => _ctx.Cancel(new SiloShutdownException()));
        Keep(untilGraceEnds);
        return Task.CompletedTask;
    }

    private void OnDeactivating(IGrainContext grain, DeactivationReasonCode reason)
    {
        // "On idle" means: after the calls that run. When the silo stops, the silo's own cause ends them.
        if (_isStopping || reason is DeactivationReasonCode.ApplicationRequested or DeactivationReasonCode.Migrating)
        {
            return;
        }

        if (grain.GetComponent<ActivationScope>() is { } scope && scope.Silo == this)
        {
            scope.Ctx.Cancel(new GrainDeactivatedException(grain.GrainId.ToString()));
        }
    }

    private void Keep(IDisposable subscription)
    {
        lock (_subscriptions)
        {
            _subscriptions.Add(subscription);
        }
    }
}
