using System.Diagnostics.CodeAnalysis;
using Baton;
using Baton.Http;

namespace System.Net.Http;

/// <summary>The context of a request that code makes itself.</summary>
public static class BatonHttpRequestMessageExtensions
{
    private static readonly HttpRequestOptionsKey<Context> s_context = new("Baton.Context");

    /// <summary>
    /// Gives a request the context that its call ends with, and whose time and values go along.
    /// </summary>
    /// <remarks>
    /// A <see cref="BatonHandler"/> honours it. It is for code that builds messages and hands them to others: a
    /// generated client, a handler that sends a copy of a message. A later call replaces the context.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void SetContext(this HttpRequestMessage request, Context ctx)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(ctx);
        if (request is ContextRequest own && own.Call.Context != ctx)
        {
            own.Call = new Call(ctx);
        }

        request.Options.Set(s_context, ctx);
    }

    /// <summary>Finds the context that a request was given.</summary>
    /// <returns>Whether it was given one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public static bool TryGetContext(this HttpRequestMessage request, [NotNullWhen(true)] out Context? ctx)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is ContextRequest own)
        {
            ctx = own.Call.Context;
            return true;
        }

        return request.Options.TryGetValue(s_context, out ctx);
    }
}
