using Baton.Orleans.Wire;
using Microsoft.Extensions.Options;

namespace Baton.Orleans.Calls;

/// <summary>Sends a call with what its context carries, and ends the wait when the context ends.</summary>
internal sealed class OutgoingFilter(IOptions<BatonOrleansOptions> options, Luggage luggage, ResponseLimits limits)
    : IOutgoingGrainCallFilter
{
    /// <summary>The key in Orleans' <see cref="RequestContext"/>, for methods that take only a token.</summary>
    internal const string Key = "baton";

    private readonly TimeSpan _needed = options.Value.Reserve + options.Value.MinRemaining;

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (GrainTypePrefix.IsSystemTarget(context.TargetId.Type))
        {
            return context.Invoke();
        }

        var signature = Signature.Of(context.Request);
        var limit = context.Request.GetDefaultResponseTimeout() is null ? limits.Default : null;
        if (signature.ContextIndex >= 0 && context.Request.GetArgument(signature.ContextIndex) is Context ctx)
        {
            return InvokeAsync(new OutgoingCall(context, signature, ctx, ctx.Done), limit);
        }

        if (signature.TokenIndex >= 0)
        {
            var token = context.Request.GetCancellationToken();
            return InvokeAsync(new OutgoingCall(context, signature, Context.FromToken(token), token), limit);
        }

        return limit is { } time ? InvokeWithinAsync(context, time) : context.Invoke();
    }

    /// <summary>A call without a context: Orleans' own timeout, which Baton has raised for the others.</summary>
    private static async Task InvokeWithinAsync(IOutgoingGrainCallContext context, TimeSpan limit)
    {
        var sent = context.Invoke();
        try
        {
            await sent.WaitAsync(limit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!sent.IsCompleted)
        {
            OutgoingCall.Forget(sent);
            throw new TimeoutException($"Response did not arrive on time in {limit} for {context.MethodName}.");
        }
    }

    private async Task InvokeAsync(OutgoingCall call, TimeSpan? limit)
    {
        if (call.Ctx.Deadline is not null)
        {
            call.Ctx.ThrowIfRemainingLessThan(_needed);
        }

        call.Ctx.ThrowIfDone();
        if (call.Ctx.Deadline is not null || limit is not { } time)
        {
            await SendAsync(call).ConfigureAwait(false);
            return;
        }

        using var timed = call.Ctx.WithTimeout(
            time, new TimeoutException($"The context has no deadline, and Orleans' response timeout is {time}."));
        await SendAsync(call.With(timed)).ConfigureAwait(false);
    }

    private async Task SendAsync(OutgoingCall call)
    {
        try
        {
            if (call.Signature.ContextIndex >= 0)
            {
                await call.SendContextAsync(luggage).ConfigureAwait(false);
            }
            else
            {
                // This method is asynchronous, so its caller does not see the key.
                RequestContext.Set(Key, luggage.Pack(call.Ctx, call: 0));
                await call.SendTokenAsync(limits.WaitsForAcknowledgement).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (call.Translate(e) is { } translated)
        {
            throw translated;
        }
    }
}
