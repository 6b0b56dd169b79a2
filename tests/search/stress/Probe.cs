namespace Baton.Stress;

/// <summary>A callback that may run once or be stopped once, and never both.</summary>
internal sealed class Probe(Ledger ledger, Context ctx)
{
    private int _fate;

    internal ContextRegistration Registration { get; set; }

    internal void Run()
    {
        if (!ctx.IsDone)
        {
            ledger.Fail("a callback ran before its context was done");
        }

        Settle("ran");
        ledger.Ran();
    }

    internal void Stop()
    {
        if (Registration.Stop())
        {
            Settle("was stopped");
            ledger.Stopped();
        }
    }

    private void Settle(string what)
    {
        if (Interlocked.Increment(ref _fate) != 1)
        {
            ledger.Fail($"a callback {what} that had run or been stopped before");
        }
    }
}
