using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Baton.Orleans.Wire;

/// <summary>A parameter of type <see cref="Context"/>: it crosses as a <see cref="Carried"/>.</summary>
[RegisterSerializer]
internal sealed class ContextCodec(IFieldCodec<Carried> inner, Luggage luggage) : IFieldCodec<Context>
{
    public void WriteField<TBufferWriter>(
        ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Context? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        // The field's type is known on both sides, so none is written.
        inner.WriteField(
            ref writer, fieldIdDelta, typeof(Carried), value is null ? null! : luggage.Pack(value));
    }

    public Context ReadValue<TInput>(ref Reader<TInput> reader, Field field) =>
        inner.ReadValue(ref reader, field) is { } carried ? luggage.Unpack(carried) : null!;
}

/// <summary>
/// Orleans copies each argument before the filters run. A context does not change, and the outgoing filter needs
/// the caller's own, so the copy is the context itself.
/// </summary>
[RegisterCopier]
internal sealed class ContextCopier : IDeepCopier<Context>
{
    public Context? DeepCopy(Context? input, CopyContext context) => input;
}
