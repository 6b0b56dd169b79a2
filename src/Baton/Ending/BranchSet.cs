using System.Numerics;

namespace Baton;

/// <summary>The branches of one context.</summary>
internal sealed class BranchSet
{
    private readonly Branch[] _branches = new Branch[Count];

    internal BranchSet()
    {
        for (var i = 0; i < _branches.Length; i++)
        {
            _branches[i] = new Branch();
        }
    }

    /// <summary>How many: about as many as there are cores, and a power of two.</summary>
    internal static int Count { get; } =
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 2, 32));

    internal ReadOnlySpan<Branch> Branches => _branches;

    /// <summary>The newest callback from before there were branches. Under the lock of the context.</summary>
    internal Callback? FirstCallback;
}
