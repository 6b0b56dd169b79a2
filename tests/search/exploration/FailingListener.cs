using System.Diagnostics;

namespace Baton.Exploration;

/// <summary>Reports an assertion of the core that fails as a bug of the schedule.</summary>
internal sealed class FailingListener : TraceListener
{
    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }

    public override void Fail(string? message) => Fail(message, detailMessage: null);

    public override void Fail(string? message, string? detailMessage) =>
        Scenario.Check(false, $"Asserted: {message}");
}
