using Baton.Measuring;

namespace Baton.Compare;

/// <summary>The results of the rounds of one act.</summary>
internal sealed class Figures
{
    private readonly Series _times = new();
    private readonly Series _bytes = new();
    private readonly List<double> _toOwn = [];

    internal Statistics DotNet => _times.DotNet;

    internal Statistics Baton => _times.Baton;

    internal Statistics Go => _times.Go;

    internal double DotNetBytes => _bytes.DotNet.Median;

    internal double BatonBytes => _bytes.Baton.Median;

    internal double GoBytes => _bytes.Go.Median;

    internal Statistics BatonToDotNet => _times.BatonToDotNet;

    internal Statistics GoToBaton => _times.GoToBaton;

    /// <summary>Baton's time over the reference of the same slice, if the slice has one.</summary>
    internal Statistics ToOwn => Statistics.Of(_toOwn);

    internal int Count => _times.Count;

    internal void Add(Sample? dotNet, Sample? baton, Sample? go)
    {
        _times.Add(dotNet?.Nanoseconds, baton?.Nanoseconds, go?.Nanoseconds);
        _bytes.Add(dotNet?.Bytes, baton?.Bytes, go?.Bytes);
        if (baton is { Reference: > 0 } own)
        {
            _toOwn.Add(own.Nanoseconds / own.Reference);
        }
    }
}
