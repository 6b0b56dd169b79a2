namespace Baton;

/// <summary>
/// What the core's sources find here under the name of System.Threading.CancellationTokenSource: that one,
/// with a step before its token is canceled. What it does inside is one step.
/// </summary>
internal class CancellationTokenSource : System.Threading.CancellationTokenSource
{
    internal new void Cancel()
    {
        Seam.Step();
        base.Cancel();
    }

    internal new Task CancelAsync()
    {
        Seam.Step();
        return base.CancelAsync();
    }
}
