namespace Baton.Grpc;

/// <summary>The exception of a context that ended a call.</summary>
internal static class ContextError
{
    internal static Exception Of(Context ctx, Exception thrown)
    {
        try
        {
            ctx.ThrowIfDone();
            return thrown;
        }
        catch (OperationCanceledException e)
        {
            return e;
        }
    }
}
