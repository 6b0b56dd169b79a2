namespace Baton;

/// <summary>
/// Stands in for System.Threading.CancellationTokenSource in the core's sources: the same class, with a step
/// before its token is canceled. All that it does inside is one step.
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
