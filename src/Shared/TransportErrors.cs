namespace Baton;

/// <summary>
/// The one shape of an error that a context brought about: the context's own, which keeps the transport's.
/// </summary>
internal static class TransportErrors
{
    private const string Key = "Baton.TransportException";

    /// <summary>
    /// A fresh exception of a context that is done, which keeps what the transport threw, if it did.
    /// </summary>
    internal static OperationCanceledException Of(Context ctx, Exception? thrown)
    {
        try
        {
            ctx.ThrowIfDone();
        }
        catch (OperationCanceledException error)
        {
            if (thrown is not null)
            {
                error.Data[Key] = thrown;
            }

            return error;
        }

        throw new InvalidOperationException("Only a context that is done has an error.", thrown);
    }

    /// <summary>
    /// What the transport threw; null if the context ended the call before that, or has nothing to do with
    /// it.
    /// </summary>
    internal static Exception? KeptBy(Exception error) => error.Data[Key] as Exception;
}
