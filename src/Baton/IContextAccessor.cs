namespace Baton;

/// <summary>
/// Finds the context of the request that the calling code belongs to, if a framework knows it.
/// </summary>
/// <remarks>
/// For code at the edge that is handed no context, such as a client's handler or a logger. All other code
/// takes a <see cref="Context"/> as its first parameter. A server integration registers an implementation;
/// without one, there is no accessor to ask. Safe to use from any thread.
/// </remarks>
public interface IContextAccessor
{
    /// <summary>The context of the current request; null outside a request, or if it is not known.</summary>
    Context? Current { get; }
}
