namespace Baton.EntityFrameworkCore;

/// <summary>Tells whether a call that was canceled was ended by its context.</summary>
internal static class EndOf
{
    /// <summary>Throws the exception of the context behind a token, if that context is done.</summary>
    internal static void Throw(Exception? transportException, CancellationToken token)
    {
        if (Context.TryFromToken(token, out var ctx) && ctx.IsDone)
        {
            throw ctx.NewException(transportException);
        }
    }
}
