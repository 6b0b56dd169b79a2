using Baton.Orleans.Wire;

namespace Baton.Orleans.Calls;

/// <summary>One call that has a context, on the caller's side.</summary>
[ContextCarrier]
internal sealed class OutgoingCall(
    IOutgoingGrainCallContext context, Signature signature, Context ctx, CancellationToken token)
{
    internal Context Ctx => ctx;

    internal Signature Signature => signature;

    internal OutgoingCall With(Context other) => new(context, signature, other, token);

    /// <summary>Sends a call whose method takes a context. Its end is told to the grain by a message of Baton's.</summary>
    internal async Task SendContextAsync(Luggage luggage)
    {
        var number = Random.Shared.NextInt64(1, long.MaxValue);

        // Not set back later: on the same silo the grain owns the request from now on.
        context.Request.SetArgument(signature.ContextIndex, Luggage.Envelope(luggage.Pack(ctx, number)));
        var sent = context.Invoke();
        try
        {
            await ctx.WaitAsync(sent).ConfigureAwait(false);
        }
        finally
        {
            if (!sent.IsCompleted)
            {
                Forget(sent);
                TellGrain(number);
            }
        }
    }

    /// <summary>Sends a call whose method takes a token. Orleans tells the grain when the token is canceled.</summary>
    internal async Task SendTokenAsync(bool waitsForAcknowledgement)
    {
        context.Request.SetArgument(signature.TokenIndex, ctx.Done);
        var sent = context.Invoke();
        try
        {
            // If Orleans waits until the grain acknowledges, the context must not.
            await (waitsForAcknowledgement ? ctx.WaitAsync(sent) : sent).ConfigureAwait(false);
        }
        finally
        {
            if (!sent.IsCompleted)
            {
                Forget(sent);
            }
        }
    }

    /// <summary>Says in the context's words what Orleans or the grain has thrown; null to leave it.</summary>
    internal Exception? Translate(Exception thrown)
    {
        if (thrown is ContextException)
        {
            return null;
        }

        if (ctx.IsDone)
        {
            return thrown is OperationCanceledException or TimeoutException or OrleansException
                or GrainCallEndedException
                    ? ctx.NewException(thrown, token)
                    : null;
        }

        return thrown switch
        {
            GrainCallEndedException { IsDeadlineExceeded: true } => new DeadlineExceededException(
                ctx.Deadline ?? default, cause: thrown.InnerException, transportException: thrown, token: token),
            GrainCallEndedException => new ContextCanceledException(thrown.InnerException, thrown, token),
            _ => null,
        };
    }

    /// <summary>Looks at the failure of a call that nobody waits for.</summary>
    internal static void Forget(Task sent) => sent.ContinueWith(
        static task => _ = task.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private void TellGrain(long number)
    {
        // The grain's own deadline ends the call there. Observers have no extension to tell.
        if (ctx.Err is DeadlineExceededException || context.TargetId.IsClient())
        {
            return;
        }

        Forget(((IAddressable)context.Grain).AsReference<IGrainCallEnd>().EndAsync(number));
    }
}
