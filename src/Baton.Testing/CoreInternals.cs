namespace Baton.Testing;

/// <summary>
/// The one file that uses internals of the core, because its public members show neither what the code under test
/// derives nor from what a context was derived.
/// </summary>
internal static class CoreInternals
{
    /// <summary>Is told of each context that can be canceled, when it is made. Null: nobody is.</summary>
    internal static Action<CancelableContext>? OnMade
    {
        set => CancelableContext.OnMade = value;
    }

    /// <summary>Whether a context is another one, or was derived from it and ends with it.</summary>
    internal static bool DescendsFrom(Context ctx, Context ancestor)
    {
        for (var above = ctx; above is not null; above = above is DetachedContext ? null : above.Parent)
        {
            if (above == ancestor)
            {
                return true;
            }
        }

        return false;
    }
}
