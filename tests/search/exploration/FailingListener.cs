using System.Diagnostics;

namespace Baton.Exploration;

/// <summary>Turns an assertion in the core that does not hold into a bug of the schedule.</summary>
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
