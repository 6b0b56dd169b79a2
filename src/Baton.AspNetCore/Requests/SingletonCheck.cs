using System.Diagnostics.CodeAnalysis;
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
            throw new InvalidOperationException(
                ScopeContext.ForSingleton(scope.GetRequiredService<SingletonCheck>().WhoTakesOne()), e);
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
            if (service.Lifetime == ServiceLifetime.Singleton && Takes(service).Contains(typeof(Context)))
            {
                throw new InvalidOperationException(ScopeContext.ForSingleton($"The singleton {TypeOf(service)}"));
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

    /// <summary>
    /// The singletons that get a context, if only through other services: one of them is being made. A container
    /// does not tell which.
    /// </summary>
    internal string WhoTakesOne()
    {
        string[] found =
        [
            .. services
                .Where(one => one.Lifetime == ServiceLifetime.Singleton)
                .Select(one => (Type: TypeOf(one), Way: WayToContext(one, [])))
                .Where(static one => one.Way is not null)
                .Select(static one => $"{one.Type}{one.Way}")
                .Distinct(),
        ];
        return found switch
        {
            [] => "A singleton",
            [var only] => $"The singleton {only}",
            _ => $"One of the singletons {string.Join(", ", found)}",
        };
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private static Type? TypeOf(ServiceDescriptor service) =>
        service.IsKeyedService ? service.KeyedImplementationType : service.ImplementationType;

    /// <summary>What a service takes in its constructor.</summary>
    private static IEnumerable<Type> Takes(ServiceDescriptor service) =>
        TypeOf(service)?.GetConstructors().MaxBy(static made => made.GetParameters().Length) is { } longest
            ? longest.GetParameters().Select(static taken => taken.ParameterType)
            : [];

    /// <summary>
    /// The services by way of which one gets a context, as words: empty if it takes one itself; null if it gets none.
    /// </summary>
    private string? WayToContext(ServiceDescriptor service, HashSet<ServiceDescriptor> seen)
    {
        foreach (var taken in Takes(service))
        {
            if (taken == typeof(Context))
            {
                return "";
            }

            if (services.LastOrDefault(one => !one.IsKeyedService && one.ServiceType == taken) is { } next
                && seen.Add(next) && WayToContext(next, seen) is { } way)
            {
                return $" by way of {TypeOf(next)}{way}";
            }
        }

        return null;
    }
}
