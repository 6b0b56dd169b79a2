using Baton.Orleans.Ending;
using Baton.Orleans.Wire;
using Orleans.Serialization.Invocation;

namespace Baton.Orleans.Calls;

/// <summary>Gives a grain's method its context, and does not start one whose caller is gone.</summary>
internal sealed class IncomingFilter(Luggage luggage, RunningCalls calls, SiloScope silo) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var carried = RequestContext.Get(OutgoingFilter.Key) as Carried;
        if (carried is not null)
        {
            // Otherwise the calls that the grain makes would carry it on.
            RequestContext.Remove(OutgoingFilter.Key);
        }

        if (GrainTypePrefix.IsSystemTarget(context.TargetId.Type))
        {
            return context.Invoke();
        }

        var request = context.Request;
        var signature = Signature.Of(request);
        if (signature.InnerIndex >= 0)
        {
            UnpackInner(context.TargetContext, request.GetArgument(signature.InnerIndex) as IInvokable);
        }

        if (signature.ContextIndex >= 0)
        {
            carried = request.GetArgument(signature.ContextIndex) is Context argument
                ? luggage.Pack(argument)
                : null;
            return carried is null
                ? context.Invoke()
                : RunAsync(context, signature, carried, request.GetCancellationToken());
        }

        return signature.TokenIndex >= 0
            ? RunAsync(context, signature, carried, request.GetCancellationToken())
            : context.Invoke();
    }

    private async Task RunAsync(
        IIncomingGrainCallContext context, Signature signature, Carried? carried, CancellationToken token)
    {
        var ctx = silo.Of(context.TargetContext);
        ctx = carried?.AddValues(ctx, luggage.Propagation) ?? ctx;
        using var running = carried?.Remaining is { } remaining ? ctx.WithTimeout(remaining) : ctx.WithCancel();
        using var registration = token.UnsafeRegister(
            static state => IncomingCall.OnCallerCanceled((CancelableContext)state!), running);
        var number = carried?.Call ?? 0;
        if (number != 0)
        {
            calls.Add(number, running);
        }

        try
        {
            SetArgument(context.Request, signature, running);
            running.ThrowIfDone();
            await context.Invoke().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (running.IsDone)
        {
            var end = e as ContextException ?? running.NewException(e);
            if (carried is null)
            {
                throw end;
            }

            throw new GrainCallEndedException(end);
        }
        finally
        {
            if (number != 0)
            {
                calls.Remove(number);
            }
        }
    }

    private static void SetArgument(IInvokable request, Signature signature, Context ctx)
    {
        if (signature.ContextIndex >= 0)
        {
            request.SetArgument(signature.ContextIndex, ctx);
        }

        if (signature.TokenIndex >= 0)
        {
            request.SetArgument(signature.TokenIndex, ctx.Done);
        }
    }

    /// <summary>The context of an enumeration, which goes on after the call that starts it.</summary>
    private void UnpackInner(IGrainContext grain, IInvokable? request)
    {
        if (request is null
            || Signature.Of(request) is not { ContextIndex: >= 0 and var index }
            || request.GetArgument(index) is not Context argument)
        {
            return;
        }

        var carried = luggage.Pack(argument);

        var ctx = carried.AddValues(silo.Of(grain), luggage.Propagation);

        // Not disposed: nothing tells when the enumeration ends. The deadline or the grain's end releases it.
#pragma warning disable BTN001 // The enumeration owns it.
        request.SetArgument(index, carried.Remaining is { } remaining ? ctx.WithTimeout(remaining) : ctx);
#pragma warning restore BTN001
    }
}
