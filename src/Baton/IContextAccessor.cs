namespace Baton;

/// <summary>
/// Finds the context of the request that the calling code works for, where a framework can tell.
/// </summary>
/// <remarks>
/// For code that stands at the edge and was handed no context: a client's handler, a logger. Everything else
/// takes a <see cref="Context"/> as its first parameter. A server integration registers an implementation;
/// without one, there is no such context. Safe to use from any thread.
/// </remarks>
public interface IContextAccessor
{
    /// <summary>The context of the current request; null outside one, or if that cannot be told.</summary>
    Context? Current { get; }
}
