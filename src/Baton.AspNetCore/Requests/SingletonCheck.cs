using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>
/// Sees to it that no singleton takes a context: it would keep one request's for all
/// others.
/// </summary>
internal sealed class SingletonCheck(IServiceCollection services)
{
    /// <summary>The context of the scope that a service is made in.</summary>
    internal static Context ContextOf(IServiceProvider scope)
    {
        ScopeContext found;
        try
        {
            found = scope.GetRequiredService<ScopeContext>();
        }
        catch (InvalidOperationException e)
        {
            // A container that validates scopes refuses a scoped service to singletons, and names the wrong
            // one.
            throw new InvalidOperationException(ScopeContext.ForSingleton("A singleton"), e);
        }

        return found.Context;
    }

    /// <summary>
    /// Throws if a singleton takes a context in its constructor. One that gets it through another service is
    /// told when it is made.
    /// </summary>
    internal void Check(IServiceProvider root)
    {
        foreach (var service in services)
        {
            var type = service.IsKeyedService ? service.KeyedImplementationType : service.ImplementationType;
            if (service.Lifetime == ServiceLifetime.Singleton
                && type?.GetConstructors().MaxBy(static made => made.GetParameters().Length) is { } longest
                && longest.GetParameters().Any(static taken => taken.ParameterType == typeof(Context)))
            {
                throw new InvalidOperationException(ScopeContext.ForSingleton($"The singleton {type}"));
            }
        }

        try
        {
            root.GetRequiredService<ScopeContext>().IsRoot = true;
        }
        catch (InvalidOperationException)
        {
            // A container that validates scopes has none for singletons.
        }
    }
}
