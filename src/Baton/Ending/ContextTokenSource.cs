using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>The source behind <see cref="Context.Done"/>, which knows its context.</summary>
/// <remarks>
/// It is the way back from a token to its context. A token takes its hash code from its source, and this
/// class overrides that method: if <see cref="t_isAsking"/> is set when the hash code is asked for, the
/// source also notes its context. This relies only on public behaviour of <see
/// cref="CancellationToken.GetHashCode"/>. A source of another class notes nothing.
/// </remarks>
internal sealed class ContextTokenSource(CancelableContext owner) : CancellationTokenSource
{
    /// <summary>
    /// The newest callback of the context, whose own field holds this source. Once the context has stripes:
    /// the stripes, which hold that callback. One field for two, because few contexts have both.
    /// </summary>
    internal object? Attached;

    [ThreadStatic]
    private static bool t_isAsking;

    [ThreadStatic]
    private static CancelableContext? t_found;

    /// <summary>The context whose token this is, or null.</summary>
    internal static CancelableContext? ContextOf(CancellationToken token)
    {
        t_isAsking = true;
        try
        {
            _ = token.GetHashCode();

            // A source of another class may combine a context's token into its own hash code. Without this
            // comparison, the token of that source would be taken for the context's.
            return t_found is { } found && found.Done == token ? found : null;
        }
        finally
        {
            t_isAsking = false;
            t_found = null;
        }
    }

    public override int GetHashCode()
    {
        if (t_isAsking)
        {
            t_found = owner;
        }

        return RuntimeHelpers.GetHashCode(this);
    }

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);
}
