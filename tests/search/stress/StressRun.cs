using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton.Stress;

/// <summary>All cores for a while; then what must be so when all has come to rest.</summary>
internal static class StressRun
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <returns>Whether every invariant holds.</returns>
    internal static bool Run(Options options, ManualResetEventSlim over)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {options.Duration.TotalSeconds:F0} s, --seed {options.Seed}");
        var ledger = new Ledger();
        var roots = MakeRoots();
        var start = Stopwatch.GetTimestamp();
        var collections = Work(options, over, ledger, roots);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{ledger.Operations:N0} operations in {seconds:F1} s, {ledger.Operations / seconds:N0} a second");
        Console.WriteLine($"{ledger.Callbacks:N0} callbacks, {collections:N0} collections forced");
        Console.WriteLine($"the latest deadline was {ledger.MaxLate.TotalMilliseconds:F1} ms late when its callback ran");

        var passed = 0;
        var failed = 0;
        Check("nothing was seen that must not be", () => ledger.Failures.Count == 0);
        Check("each callback ran or was stopped", () => ledger.Callbacks == ledger.Settled);
        Check("no shared root has a child", () =>
            Array.TrueForAll(roots, static root => Internals.ChildCount(root) == 0));
        Check("no shared root has a callback", () =>
            Array.TrueForAll(roots, static root => Internals.CallbackCount(root) == 0));
        Check("no deadline waits", () => Internals.Waiting() == 0);
        Check($"{ledger.Watched.Count:N0} contexts are collectable", () => AreFree(ledger.Watched));
        Check("the shared roots are live, and end", () =>
            Array.TrueForAll(roots, static root => !root.IsDone && EndsWhenDisposed(root)));
        foreach (var failure in ledger.Failures)
        {
            Console.WriteLine($"!! {failure}");
        }

        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0;

        void Check(string invariant, Func<bool> holds)
        {
            var isSo = SpinWait.SpinUntil(holds, s_patience);
            _ = isSo ? passed++ : failed++;
            Console.WriteLine($"{(isSo ? "passed" : "FAILED")}  {invariant}");
        }
    }

    private static CancelableContext[] MakeRoots() =>
        [.. Enumerable.Range(0, 4).Select(static i =>
            i % 2 == 0 ? Context.Background.WithCancel() : Context.Todo.WithCancel())];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Work(
        Options options, ManualResetEventSlim over, Ledger ledger, CancelableContext[] roots)
    {
        var collections = 0L;

        // One more worker than cores, so that some are always cut off in the middle.
        var threads = Enumerable.Range(0, Environment.ProcessorCount + 1)
            .Select(i =>
                new Thread(() => new Worker(ledger, roots, options.Seed + i).RunUntil(() => over.IsSet)))
            .Append(new Thread(() => collections = Collect(over)))
            .ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        over.Wait(options.Duration);
        over.Set();
        Array.ForEach(threads, static thread => thread.Join());
        return collections;
    }

    /// <summary>Forces collections, most of them concurrent, with some garbage made in between.</summary>
    private static long Collect(ManualResetEventSlim over)
    {
        var count = 0L;
        for (; !over.Wait(TimeSpan.FromMilliseconds(5)); count++)
        {
            GC.Collect((int)(count % 3), GCCollectionMode.Forced, blocking: count % 16 == 0);
            GC.KeepAlive(new byte[1 + (count % 100_000)]);
        }

        return count;
    }

    private static bool AreFree(IReadOnlyList<WeakReference> watched)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return watched.All(static weak => !weak.IsAlive);
    }

    private static bool EndsWhenDisposed(CancelableContext root)
    {
        root.Dispose();
        return root.IsDone;
    }
}
