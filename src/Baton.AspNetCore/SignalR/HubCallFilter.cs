using System.Collections.Concurrent;
using System.Reflection;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Baton.AspNetCore;

/// <summary>Gives each call of a hub a context of its own, derived from the connection's.</summary>
internal sealed class HubCallFilter : IHubFilter
{
    /// <summary>Where methods take a context; -1 where they do not.</summary>
    private readonly ConcurrentDictionary<MethodInfo, int> _positions = [];

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var position = _positions.GetOrAdd(invocationContext.HubMethod, PositionIn);
        if (position < 0 || invocationContext.HubMethodArguments[position] is not Context connection)
        {
            return await next(invocationContext).ConfigureAwait(false);
        }

        using var own = connection.WithCancel();
        object?[] arguments = [.. invocationContext.HubMethodArguments];
        arguments[position] = own;
        try
        {
            return await next(new HubInvocationContext(
                invocationContext.Context,
                invocationContext.ServiceProvider,
                invocationContext.Hub,
                invocationContext.HubMethod,
                arguments)).ConfigureAwait(false);
        }
        finally
        {
            own.Cancel(new RequestCompletedException());
        }
    }

    public async Task OnDisconnectedAsync(
        HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        HubConnection.Current?.End(ClientDisconnectedException.ByClient(errorCode: null));
        await next(context, exception).ConfigureAwait(false);
    }

    private static int PositionIn(MethodInfo method) => IsStream(method.ReturnType)
        ? -1
        : Array.FindIndex(
            method.GetParameters(), static parameter => parameter.ParameterType == typeof(Context));

    /// <summary>
    /// A stream goes on when its method has returned, so it keeps the connection's context.
    /// </summary>
    private static bool IsStream(Type type)
    {
        var kind = KindOf(type);
        if (kind == typeof(Task<>) || kind == typeof(ValueTask<>))
        {
            kind = KindOf(type.GenericTypeArguments[0]);
        }

        return kind == typeof(IAsyncEnumerable<>) || kind == typeof(ChannelReader<>);
    }

    private static Type? KindOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;
}
