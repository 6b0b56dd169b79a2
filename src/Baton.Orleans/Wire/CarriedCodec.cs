using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;

namespace Baton.Orleans.Wire;

/// <summary>The wire form of <see cref="Carried"/>.</summary>
[GenerateSerializer]
[Alias("Baton.CarriedForm")]
internal struct CarriedForm
{
    [Id(0)]
    public long Call;

    /// <summary>Ticks of 100 ns; -1 without a deadline.</summary>
    [Id(1)]
    public long Remaining;

    [Id(2)]
    public string[]? Values;
}

/// <summary>Writes what remains when it is written, and counts on from when it is read.</summary>
[RegisterSerializer]
internal sealed class CarriedCodec(IValueSerializer<CarriedForm> form)
    : GeneralizedReferenceTypeSurrogateCodec<Carried, CarriedForm>(form)
{
    public override Carried ConvertFromSurrogate(ref CarriedForm surrogate) => new(
        surrogate.Call,
        surrogate.Remaining < 0 ? null : new TimeSpan(surrogate.Remaining),
        surrogate.Values ?? []);

    public override void ConvertToSurrogate(Carried value, ref CarriedForm surrogate)
    {
        surrogate.Call = value.Call;
        surrogate.Remaining = value.Remaining?.Ticks ?? -1;
        surrogate.Values = value.Values.Length == 0 ? null : value.Values;
    }
}

/// <summary>Nothing changes a <see cref="Carried"/>, so a copy is the object itself.</summary>
[RegisterCopier]
internal sealed class CarriedCopier : IDeepCopier<Carried>
{
    public Carried? DeepCopy(Carried? input, CopyContext context) => input;
}
