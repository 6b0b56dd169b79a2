using System.Text;

namespace Baton;

/// <summary><see cref="Context.Background"/> and <see cref="Context.Todo"/>.</summary>
internal sealed class RootContext(string name) : Context(parent: null)
{
    public override CancellationToken Done => CancellationToken.None;

    internal override CancelableContext? Owner => null;

    internal override void AppendTo(StringBuilder text) => text.Append(name);
}
