using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>Writes a context as its chain, so that it can be part of an object that is serialized.</summary>
/// <remarks>
/// An audit filter serializes all arguments of an action, and a context is one of them. Without this, the
/// serializer would fail on the context's token. System.Text.Json does not inherit the attribute, so every
/// kind of context has its own.
/// </remarks>
internal sealed class ContextJsonConverter : JsonConverter<Context>
{
    public override bool CanConvert(Type typeToConvert) => typeof(Context).IsAssignableFrom(typeToConvert);

    public override void Write(Utf8JsonWriter writer, Context value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override Context Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException(
            "A context cannot be read from JSON: it belongs to one call. Take it as a parameter, and send its "
            + "deadline and values with DeadlineHeader and ContextPropagation.");
}
