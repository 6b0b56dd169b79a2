using System.Diagnostics;

namespace Baton.Conformance;

/// <summary>What a step should have given, and what it gave.</summary>
internal sealed record Mismatch(
    string Program, int Step, TraceOperation Operation, string What, string Expected, string Seen)
{
    public override string ToString() =>
        $"{Program}, step {Step} ({Operation}): {What}: expected {Expected}, seen {Seen}";
}

/// <summary>Runs one program against Baton on a fake clock, and compares after every step.</summary>
internal sealed class Replay
{
    private static readonly ContextKey<string>[] s_keys = [new("a"), new("b"), new("c"), new("d")];

    /// <summary>
    /// How long a function that is to run may take to get its turn. Shorter once some have not come.
    /// </summary>
    private static TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TraceProgram _program;
    private readonly FakeTimeProvider _clock = new();
    private readonly DateTimeOffset _start;
    private readonly Dictionary<int, Context> _contexts = [];
    private readonly Dictionary<int, TraceState> _known = [];
    private readonly Dictionary<int, ReplayFunction> _functions = [];
    private readonly List<Mismatch> _mismatches = [];
    private int _step;

    private Replay(TraceProgram program)
    {
        _program = program;
        _start = _clock.GetUtcNow();
    }

    /// <summary>The mismatches of the first step that has any; none if the program passes.</summary>
    internal static IReadOnlyList<Mismatch> Run(TraceProgram program) => new Replay(program).Run();

    private List<Mismatch> Run()
    {
        try
        {
            for (; _step < _program.Steps.Count && _mismatches.Count == 0; _step++)
            {
                RunStep(_program.Steps[_step]);
            }

            if (_mismatches.Count == 0)
            {
                _step--;
                CheckNoneFires();
            }
        }
        finally
        {
            foreach (var ctx in _contexts.Values.OfType<CancelableContext>())
            {
                ctx.Dispose();
            }
        }

        return _mismatches;
    }

    private void RunStep(TraceStep step)
    {
        bool? stopped;
        try
        {
            stopped = Execute(step.Operation);
        }
        catch (Exception e)
        {
            // Go's call returned, so whatever is thrown here is a difference to report, not a failure of the
            // replay.
            Expect("the call", "to return", $"{e.GetType().Name}: {e.Message}");
            return;
        }

        Expect("stopped", step.Stopped?.ToString(), stopped?.ToString());
        CheckFunctions(step.Fired);
        foreach (var state in step.Changed)
        {
            _known[state.Id] = state;
        }

        foreach (var (id, ctx) in _contexts)
        {
            CheckContext(id, ctx, step.Changed.Any(state => state.Id == id));
        }
    }

    private bool? Execute(TraceOperation operation)
    {
        switch (operation.Name)
        {
            case "background":
                _contexts[operation.Id] = Context.Root(_clock);
                return null;
            case "todo":
                _contexts[operation.Id] = Context.Root(_clock);
                return null;
            case "afterFunc":
                _functions[operation.Id] = new ReplayFunction(_contexts[operation.Parent]);
                return null;
            case "stop":
                return _functions[operation.Id].Stop();
            case "cancel":
                Cancel((CancelableContext)_contexts[operation.Id], operation.Cause);
                return null;
            case "advance":
                _clock.Advance(TimeSpan.FromMilliseconds(operation.Milliseconds));
                return null;
            default:
                _contexts[operation.Id] = Derive(_contexts[operation.Parent], operation);
                return null;
        }
    }

    private Context Derive(Context parent, TraceOperation operation)
    {
        var cause = operation.Cause is { } text ? new InvalidOperationException(text) : null;
        var span = TimeSpan.FromMilliseconds(operation.Milliseconds);
        return operation.Name switch
        {
            "withCancel" or "withCancelCause" => parent.WithCancel(),
            "withDeadline" => parent.WithDeadline(_start + span, cause),
            "withTimeout" => parent.WithTimeout(span, cause),
            "withValue" => parent.WithValue(s_keys[operation.Key[0] - 'a'], operation.Value),
            "withoutCancel" => parent.WithoutCancel(),
            _ => throw new UnreachableException($"The reader lets no operation '{operation.Name}' through."),
        };
    }

    private static void Cancel(CancelableContext ctx, string? cause)
    {
        if (cause is null)
        {
            ctx.Cancel();
        }
        else
        {
            ctx.Cancel(new InvalidOperationException(cause));
        }
    }

    private void CheckFunctions(IReadOnlyList<int> fired)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var id in fired)
        {
            for (var wait = default(SpinWait);
                _functions[id].Runs == 0 && Stopwatch.GetElapsedTime(start) < s_patience;)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            if (_functions[id].Runs == 0)
            {
                s_patience = TimeSpan.FromMilliseconds(Math.Max(100, s_patience.TotalMilliseconds / 2));
            }

            _functions[id].IsExpected = true;
        }

        foreach (var (id, function) in _functions)
        {
            Expect($"runs of function {id}", function.IsExpected ? "1" : "0", $"{function.Runs}");
        }
    }

    /// <summary>
    /// A function that has not run by the end must still be there to be stopped: then it never will.
    /// </summary>
    private void CheckNoneFires()
    {
        foreach (var (id, function) in _functions)
        {
            var isWaiting = !function.IsExpected && !function.IsStopped;
            Expect($"function {id} stopped at the end", $"{isWaiting}", $"{function.Stop()}");
            Expect($"runs of function {id} at the end", function.IsExpected ? "1" : "0", $"{function.Runs}");
        }
    }

    private void CheckContext(int id, Context ctx, bool isListed)
    {
        var what = isListed ? $"context {id}" : $"context {id}, which is not listed as changed,";
        if (!_known.TryGetValue(id, out var known))
        {
            Expect(what, "to be listed, being new", "no state for it");
            return;
        }

        Expect($"{what} err", known.Err, ctx.Err?.Message ?? "");
        Expect($"{what} cause", known.Cause, ctx.Cause?.Message ?? "");
        Expect($"{what} deadline", $"{known.Deadline}", $"{(ctx.Deadline - _start)?.TotalMilliseconds}");
        Expect($"{what} values", $"{known.Values}", $"{ValuesOf(ctx)}");
        Expect($"{what} IsDone", $"{known.Err.Length > 0}", $"{ctx.IsDone}");
        Expect($"{what} ThrowIfDone", known.Err, Thrown(ctx));

        // Every other context goes without a token, as most do in a real program.
        if (id % 2 == 0)
        {
            Expect($"{what} Done", $"{known.Err.Length > 0}", $"{ctx.Done.IsCancellationRequested}");
        }
    }

    private static string Thrown(Context ctx)
    {
        try
        {
            ctx.ThrowIfDone();
            return "";
        }
        catch (OperationCanceledException e)
        {
            return e.Message;
        }
    }

    private static ValueList ValuesOf(Context ctx)
    {
        string? Of(int key) => ctx.TryGetValue(s_keys[key], out var value) ? value : null;
        return new ValueList(Of(0), Of(1), Of(2), Of(3));
    }

    private void Expect(string what, string? expected, string? seen)
    {
        if (expected != seen)
        {
            _mismatches.Add(new Mismatch(
                _program.Name, _step, _program.Steps[_step].Operation, what, $"'{expected}'", $"'{seen}'"));
        }
    }
}
