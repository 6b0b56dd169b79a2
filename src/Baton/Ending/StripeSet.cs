using System.Numerics;

namespace Baton;

/// <summary>The stripes of one context.</summary>
internal sealed class StripeSet
{
    private readonly Stripe[] _stripes = new Stripe[Count];

    internal StripeSet()
    {
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    /// <summary>How many: about as many as there are cores, and a power of two.</summary>
    internal static int Count { get; } =
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 2, 32));

    internal ReadOnlySpan<Stripe> Stripes => _stripes;

    /// <summary>The newest callback from before there were stripes. The context's lock guards it.</summary>
    internal Callback? FirstCallback;
}
