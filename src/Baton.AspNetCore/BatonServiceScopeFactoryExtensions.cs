using Baton;
using Baton.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Scopes of services that belong to a context.</summary>
public static class BatonServiceScopeFactoryExtensions
{
    /// <summary>
    /// Makes a scope whose services get <paramref name="ctx"/> where they take a <see cref="Context"/> in
    /// their constructor.
    /// </summary>
    /// <remarks>
    /// For work outside of a request, and for a scope of its own within one. Disposing the scope does not end
    /// the context, and the end of the context does not dispose the scope. Safe to call from any thread.
    /// </remarks>
    /// <param name="scopes">What makes the scope.</param>
    /// <param name="ctx">The context of the work that the scope is for.</param>
    /// <returns>The scope. The caller disposes it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddBaton()</c> was not called.</exception>
    public static AsyncServiceScope CreateAsyncScope(this IServiceScopeFactory scopes, Context ctx)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(ctx);
        var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ScopeContext>() is not { } belonging)
        {
            scope.Dispose();
            throw new InvalidOperationException(
                "A scope for a context needs services that were not added. Call "
                + "builder.Services.AddBaton().");
        }

        belonging.Belong(ctx);
        return scope;
    }
}
