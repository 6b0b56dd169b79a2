using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Baton.Orleans.Wire;

/// <summary>Makes a <see cref="Carried"/> of a context, and a context of a <see cref="Carried"/>.</summary>
internal sealed class Luggage(IServiceProvider services, IOptions<BatonOrleansOptions> options)
{
    private static readonly ContextKey<Carried> s_carried = new("baton.orleans.carried");

    private readonly TimeSpan _reserve = options.Value.Reserve;

    /// <summary>A client runs no filter around the methods of its observers.</summary>
    private readonly bool _isClient = services.GetService<RunningCalls>() is null;

    internal ContextPropagation? Propagation { get; } =
        options.Value.Propagation ?? services.GetService<ContextPropagation>();

    /// <summary>What an argument carries that has arrived, or that is ready to be written.</summary>
    internal Carried Pack(Context ctx) => ctx.Value(s_carried) ?? Pack(ctx, call: 0);

    internal Carried Pack(Context ctx, long call)
    {
        TimeSpan? remaining = null;
        if (ctx.Deadline is not null)
        {
            var left = ctx.Remaining - _reserve;
            remaining = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        if (Propagation is null)
        {
            return new Carried(call, remaining, []);
        }

        var values = new List<string>();
        Propagation.Inject(ctx, values, static (list, name, value) =>
        {
            list.Add(name);
            list.Add(value);
        });
        return new Carried(call, remaining, [.. values]);
    }

    /// <summary>
    /// The context of an argument that has arrived. On a silo, the incoming filter replaces it. A client runs
    /// no filter, so there it is the observer's context, and has the deadline itself.
    /// </summary>
    internal Context Unpack(Carried carried)
    {
        var ctx = Envelope(carried);
        if (!_isClient)
        {
            return ctx;
        }

        ctx = carried.AddValues(ctx, Propagation);

        // Not disposed: nothing tells when the observer's method returns. The deadline releases it.
#pragma warning disable BTN001 // The observer's call owns it.
        return carried.Remaining is { } remaining ? ctx.WithTimeout(remaining) : ctx;
#pragma warning restore BTN001
    }

    /// <summary>The context that stands for an argument from the outgoing filter to the incoming one.</summary>
    internal static Context Envelope(Carried carried) => Context.Background.WithValue(s_carried, carried);
}
