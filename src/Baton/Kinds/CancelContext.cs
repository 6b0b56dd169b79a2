using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context that ends when its owner cancels it, or along with its parent.</summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class CancelContext(Context parent) : CancelableContext(parent)
{
    internal override DeadlineContext? Due { get; } = parent.Due;

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel");
}
