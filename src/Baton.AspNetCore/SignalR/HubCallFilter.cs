using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>Sets the call that a hub's method belongs to, and ends the call's context after the method.</summary>
internal sealed class HubCallFilter : IHubFilter
{
    private readonly HubStreams _streams = new();

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (CallOf(invocationContext.ServiceProvider) is not { } call)
        {
            return await next(invocationContext).ConfigureAwait(false);
        }

        HubFlow.Enter(call);
        call.Begin(invocationContext.Hub.GetType(), invocationContext.HubMethod.Name);
        var goesOn = false;
        try
        {
            var result = await next(invocationContext).ConfigureAwait(false);
            goesOn = _streams.IsStream(invocationContext.HubMethod);
            return goesOn ? _streams.Watch(invocationContext.HubMethod, result, call) : result;
        }
        finally
        {
            if (!goesOn)
            {
                call.Dispose();
            }
        }
    }

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        HubFlow.Connection?.Watch(context.Context.ConnectionAborted);
        using var call = CallOf(context.ServiceProvider);
        if (call is not null)
        {
            HubFlow.Enter(call);
            call.Begin(context.Hub.GetType(), nameof(Hub.OnConnectedAsync));
        }

        await next(context).ConfigureAwait(false);
    }

    public async Task OnDisconnectedAsync(
        HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        using var call = CallOf(context.ServiceProvider);
        if (call is not null)
        {
            HubFlow.Enter(call);
        }

        await next(context, exception).ConfigureAwait(false);
    }

    /// <summary>
    /// The call that a scope was made for; null if the hub is not behind <c>UseBaton()</c>.
    /// </summary>
    private static HubCall? CallOf(IServiceProvider scope)
    {
        if (HubFlow.Connection is null)
        {
            return null;
        }

        var call = scope.GetRequiredService<HubCall>();
        scope.GetRequiredService<ScopeContext>().Belong(call);
        return call;
    }
}
