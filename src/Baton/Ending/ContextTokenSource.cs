using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>The source behind <see cref="Context.Done"/>, which knows its context.</summary>
/// <remarks>
/// The way back from a token: the hash code of a token is that of its source, and here it can be overridden.
/// Asked for it while <see cref="t_isAsking"/> is set, the source also says whose it is. All of it is public
/// behaviour of <see cref="CancellationToken.GetHashCode"/>; a source of anybody else's leaves no answer.
/// </remarks>
internal sealed class ContextTokenSource(CancelableContext owner) : CancellationTokenSource
{
    /// <summary>
    /// The newest callback of the context, which has no other place for it then; or, once it has branches,
    /// the branches, which hold that callback. One field for two, because few contexts have both.
    /// </summary>
    internal object? Attached;

    [ThreadStatic]
    private static bool t_isAsking;

    [ThreadStatic]
    private static CancelableContext? t_answer;

    /// <summary>The context whose token this is, or null.</summary>
    internal static CancelableContext? ContextOf(CancellationToken token)
    {
        t_isAsking = true;
        try
        {
            _ = token.GetHashCode();

            // A source of somebody else's may ask a context's token for its hash code to make its own.
            return t_answer is { } answer && answer.Done == token ? answer : null;
        }
        finally
        {
            t_isAsking = false;
            t_answer = null;
        }
    }

    public override int GetHashCode()
    {
        if (t_isAsking)
        {
            t_answer = owner;
        }

        return RuntimeHelpers.GetHashCode(this);
    }

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);
}
