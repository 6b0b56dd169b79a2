using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context with the values and clock of its parent, and nothing else of it.</summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class DetachedContext(Context parent) : Context(parent)
{
    public override CancellationToken Done => CancellationToken.None;

    internal override CancelableContext? Owner => null;

    internal override void AppendTo(StringBuilder text) => text.Append(".WithoutCancel");
}
