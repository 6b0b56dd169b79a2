using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Baton.AspNetCore;

/// <summary>Finds methods of hubs that return a stream, and learns when the client cancels one.</summary>
internal sealed class HubStreams
{
    /// <summary>What a method returns a stream of; null if it returns none.</summary>
    private readonly ConcurrentDictionary<MethodInfo, Type?> _streams = [];

    /// <summary>Whether a method returns a stream, which goes on when the method has returned.</summary>
    internal bool IsStream(MethodInfo method) => StreamOf(method) is not null;

    /// <summary>
    /// The stream, with the call's context ended when the client cancels it. A channel needs no more than its
    /// scope: SignalR reads no further, and disposes the scope.
    /// </summary>
    internal object? Watch(MethodInfo method, object? stream, HubCall call)
    {
        // SignalR cannot stream either where there is no code for this type of item.
        if (stream is null || !RuntimeFeature.IsDynamicCodeSupported
            || StreamOf(method) is not { } type || !IsOf(type, typeof(IAsyncEnumerable<>)))
        {
            return stream;
        }

        return Activator.CreateInstance(
            typeof(HubStream<>).MakeGenericType(type.GenericTypeArguments[0]), stream, call);
    }

    private Type? StreamOf(MethodInfo method) =>
        _streams.GetOrAdd(method, static key => Find(key.ReturnType));

    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "SignalR looks for the same interfaces, and keeps them.")]
    private static Type? Find(Type type)
    {
        if (IsOf(type, typeof(Task<>)) || IsOf(type, typeof(ValueTask<>)))
        {
            type = type.GenericTypeArguments[0];
        }

        for (var above = type; above is not null; above = above.BaseType)
        {
            if (IsOf(above, typeof(IAsyncEnumerable<>)) || IsOf(above, typeof(ChannelReader<>)))
            {
                return above;
            }
        }

        return Array.Find(type.GetInterfaces(), static one => IsOf(one, typeof(IAsyncEnumerable<>)));
    }

    private static bool IsOf(Type type, Type kind) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == kind;
}

/// <summary>A stream of a hub, whose token ends the context of its call.</summary>
[ContextCarrier]
internal sealed class HubStream<T>(IAsyncEnumerable<T> stream, HubCall call) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Items(stream.GetAsyncEnumerator(cancellationToken), call, cancellationToken);

    [ContextCarrier]
    private sealed class Items : IAsyncEnumerator<T>
    {
        private readonly IAsyncEnumerator<T> _items;
        private readonly HubCall _call;
        private readonly CancellationTokenRegistration _canceled;

        internal Items(IAsyncEnumerator<T> items, HubCall call, CancellationToken token)
        {
            (_items, _call) = (items, call);
            _canceled = token.UnsafeRegister(static state => ((HubCall)state!).OnStreamCanceled(), call);
        }

        public T Current => _items.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            HubFlow.Enter(_call);
            return await _items.MoveNextAsync().ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            HubFlow.Enter(_call);
            _canceled.Unregister();
            await _items.DisposeAsync().ConfigureAwait(false);
        }
    }
}
