using System.Collections.Concurrent;
using Orleans.Serialization.Invocation;

namespace Baton.Orleans.Calls;

/// <summary>Where the context or the token is among the parameters of a grain method.</summary>
internal sealed class Signature
{
    private static readonly ConcurrentDictionary<Type, Signature> s_known = new();

    private Signature(IInvokable request)
    {
        ContextIndex = -1;
        TokenIndex = -1;
        InnerIndex = -1;
        var parameters = request.GetMethod()?.GetParameters() ?? [];
        if (parameters.Length != request.GetArgumentCount())
        {
            // The tick of a grain timer: it names a method whose arguments it does not hold.
            return;
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType;
            if (type == typeof(Context) && ContextIndex < 0)
            {
                ContextIndex = i;
            }
            else if (type == typeof(CancellationToken) && TokenIndex < 0)
            {
                TokenIndex = i;
            }
            else if (typeof(IInvokable).IsAssignableFrom(type))
            {
                InnerIndex = i;
            }
        }
    }

    /// <summary>The first parameter of type <see cref="Context"/>, or -1.</summary>
    internal int ContextIndex { get; }

    /// <summary>The parameter of type <see cref="CancellationToken"/>, or -1.</summary>
    internal int TokenIndex { get; }

    /// <summary>
    /// The parameter that is a request itself, or -1: Orleans starts an IAsyncEnumerable method in that way.
    /// </summary>
    internal int InnerIndex { get; }

    internal bool IsPlain => ContextIndex < 0 && TokenIndex < 0 && InnerIndex < 0;

    internal static Signature Of(IInvokable request) =>
        s_known.GetOrAdd(request.GetType(), static (_, request) => new Signature(request), request);
}
