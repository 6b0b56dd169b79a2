using System.Globalization;

namespace Baton.Tests.Model;

/// <summary>Runs a program on real contexts and on the model at once, and compares.</summary>
internal sealed class Machine
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Day = TimeSpan.TicksPerDay;

    /// <summary>
    /// The simplest comes first: a failing program is shrunk towards the first of each list.
    /// </summary>
    private static readonly long[] s_timeouts =
    [
        Second, 2 * Second, 3 * Second, 0, 1, -1, (2 * Second) + 1, 3600 * Second, 60 * Day, -Day,
        9000 * 365 * Day, Timeout.InfiniteTimeSpan.Ticks, long.MaxValue, long.MinValue,
    ];

    private static readonly long[] s_steps =
        [Second, 1, 2 * Second, 3 * Second, 3600 * Second, 50 * Day, 400 * Day, 36_500 * Day];
    private static readonly ContextKey<object?>[] s_keys = MakeKeys();
    private static readonly object?[] s_values = ["v", null, "w"];
    private static readonly Exception[] s_causes =
    [
        new TimeoutException("cause0"), new OperationCanceledException("cause1"),
        new InvalidOperationException("cause2"),
    ];

    private readonly ReferenceModel _model = new();
    private readonly FakeTimeProvider[] _clocks = [new(), new(DateTimeOffset.UnixEpoch)];
    private readonly DateTimeOffset[] _starts;
    private readonly CancellationTokenSource[] _foreign = [new(), new()];
    private readonly List<Context> _real = [];
    private readonly List<int> _cancelable = [];
    private readonly List<CallbackProbe> _probes = [];
    private readonly HashSet<int> _doneTaken = [];
    private readonly HashSet<int> _deadlineRead = [];
    private readonly List<string> _lines = [];

    internal Machine()
    {
        _starts = [.. _clocks.Select(static clock => clock.GetUtcNow())];
        Add(Context.Root(_clocks[0]), _model.Root(0),
            "Context.Root(clock0)");
    }

    /// <summary>The program as it ran.</summary>
    internal IReadOnlyList<string> Lines => _lines;

    /// <summary>Whether every callback that the model has started has run.</summary>
    internal bool IsSettled =>
        !_probes.Where((probe, i) => _model.Callbacks[i].Fate == Fate.Started && probe.Runs == 0).Any();

    /// <returns>The first difference from the model; null if there is none.</returns>
    internal string? Run(TestProgram program)
    {
        string? mismatch = null;
        foreach (var step in program.Steps)
        {
            mismatch = Do(step) ?? (program.LooksOnce ? null : Compare());
            if (mismatch is not null)
            {
                return mismatch;
            }
        }

        _doneTaken.UnionWith(Enumerable.Range(0, _real.Count));
        _deadlineRead.UnionWith(_doneTaken);
        return Compare();
    }

    /// <summary>
    /// Checks the callbacks once they have settled; then ends all contexts, and checks that nothing is left.
    /// </summary>
    internal string? Conclude()
    {
        for (var i = 0; i < _probes.Count; i++)
        {
            var runs = _model.Callbacks[i].Fate == Fate.Started ? 1 : 0;
            if (_probes[i].Runs != runs || _probes[i].IsEarly)
            {
                return $"callback{i} ran {_probes[i].Runs} times, early: {_probes[i].IsEarly}, and was to run {runs} times";
            }
        }

        _cancelable.ForEach(ctx => ((CancelableContext)_real[ctx]).Dispose());
        foreach (var source in _foreign)
        {
            source.Cancel();
            source.Dispose();
        }

        var left = _real.OfType<CancelableContext>().Sum(static ctx => ctx.ChildCount + ctx.CallbackCount);
        var waiting = _clocks.Sum(static clock => DeadlineQueue.For(clock).Count);
        return left + waiting > 0 ? $"{left} children and callbacks and {waiting} deadlines are left" : null;
    }

    private static ContextKey<object?>[] MakeKeys()
    {
        // Keys 64 apart share their bit of the filter.
        var keys = Enumerable.Range(0, 65).Select(static i => new ContextKey<object?>($"key{i}")).ToArray();
        return [keys[0], keys[1], keys[64]];
    }

    private string? Do(Step step)
    {
        // Half of the time this picks the newest context, so that chains grow long.
        var on = step.On >= 32 ? _real.Count - 1 : step.On % _real.Count;
        var other = step.A % _real.Count;
        var ctx = _real[on];
        var source = step.A % _foreign.Length;
        var clock = step.A % _clocks.Length;
        var causeIndex = (step.B % (s_causes.Length + 1)) - 1;
        var cause = causeIndex < 0 ? null : s_causes[causeIndex];
        var causeText = causeIndex < 0 ? "" : $", cause{causeIndex}";
        switch (step.Op)
        {
            case Op.WithCancel:
                return AddCancelable(ctx.WithCancel(), _model.WithCancel(on), $"ctx{on}.WithCancel()");
            case Op.Merge:
                return AddCancelable(ctx.WithCancel(_real[other]), _model.WithCancel(on, other),
                    $"ctx{on}.WithCancel(ctx{other})");
            case Op.MergeForeign:
                var also = _model.FromToken(source, clock: 0);
                _real.Add(Context.Root(_clocks[0]).WithCancel(_foreign[source].Token));
                return AddCancelable(
                    ctx.WithCancel(_foreign[source].Token), _model.WithCancel(on, also),
                    $"ctx{on}.WithCancel(foreign{source}.Token)");
            case Op.WithTimeout:
                var timeout = new TimeSpan(s_timeouts[step.A % s_timeouts.Length]);
                return AddCancelable(
                    ctx.WithTimeout(timeout, cause),
                    timeout == Timeout.InfiniteTimeSpan
                        ? _model.WithCancel(on)
                        : _model.WithTimeout(on, timeout.Ticks, cause),
                    $"ctx{on}.WithTimeout({Text(timeout)}{causeText})");
            case Op.WithDeadline:
                var deadline = Instant(_model.Nodes[on].Clock,
                    _model.Now(_model.Nodes[on].Clock) + s_timeouts[step.A % s_timeouts.Length]);
                var left = (deadline - _clocks[_model.Nodes[on].Clock].GetUtcNow()).Ticks;
                return AddCancelable(
                    ctx.WithDeadline(deadline, cause),
                    _model.WithTimeout(on, left, cause),
                    $"ctx{on}.WithDeadline(now + {Text(new TimeSpan(left))}{causeText})");
            case Op.WithValue:
                var (key, value) = (step.A % s_keys.Length, step.B % s_values.Length);
                return Add(
                    ctx.WithValue(s_keys[key], s_values[value]),
                    _model.WithValue(on, key, s_values[value]),
                    $"ctx{on}.WithValue(key{key}, {s_values[value] ?? "null"})");
            case Op.WithoutCancel:
                return Add(ctx.WithoutCancel(), _model.WithoutCancel(on), $"ctx{on}.WithoutCancel()");
            case Op.FromToken when step.B % 2 == 0:
                return Add(
                    Context.Root(_clocks[0]).WithCancel(_foreign[source].Token),
                    _model.FromToken(source, clock: 0),
                    $"Context.Root(clock0).WithCancel(foreign{source}.Token)");
            case Op.FromToken:
                _lines.Add($"Context.FromToken(ctx{on});");
                _doneTaken.Add(on);
                return Context.FromToken(ctx).Done == ctx.Done
                    ? null
                    : $"FromToken(ctx{on}) is another context";
            case Op.CancelForeign:
                _lines.Add($"foreign{source}.Cancel();");
                _foreign[source].Cancel();
                _model.CancelSource(source);
                return null;
            case Op.Advance:
                var by = new TimeSpan(s_steps[step.B % s_steps.Length]);
                _lines.Add($"clock{clock}.Advance({Text(by)});");
                _clocks[clock].Advance(by);
                _model.Advance(clock, by.Ticks);
                return null;
            case Op.AfterFunc:
                _lines.Add($"var callback{_probes.Count} = ctx{on}.AfterFunc(…);");
                _probes.Add(new CallbackProbe(ctx));
                _probes[^1].Registration = ctx.AfterFunc(_probes[^1].Run);
                _model.AfterFunc(on);
                return null;
            case Op.Register:
                _lines.Add($"var callback{_probes.Count} = ctx{on}.Done.Register(…);");
                _probes.Add(new CallbackProbe(ctx));
                ctx.Done.UnsafeRegister(static probe => ((CallbackProbe)probe!).Run(), _probes[^1]);
                _doneTaken.Add(on);
                _model.AfterFunc(on);
                return null;
            case Op.Stop when _probes.Count > 0:
                return Stop(step.A % _probes.Count);
            case Op.TakeDone:
                _lines.Add($"_ = ctx{on}.Done;");
                _ = ctx.Done;
                _doneTaken.Add(on);
                return null;
            case Op.ReadDeadline:
                _lines.Add($"_ = ctx{on}.Deadline;");
                _deadlineRead.Add(on);
                return null;
            case Op.Cancel or Op.CancelWithCause or Op.Dispose when _cancelable.Count > 0:
                return End(step.Op, _cancelable[step.On % _cancelable.Count], Math.Max(0, causeIndex));
            default:
                return null;
        }
    }

    private string? End(Op op, int on, int causeIndex)
    {
        var ctx = (CancelableContext)_real[on];
        if (op == Op.CancelWithCause)
        {
            _lines.Add($"ctx{on}.Cancel(cause{causeIndex});");
            ctx.Cancel(s_causes[causeIndex]);
            _model.Cancel(on, s_causes[causeIndex]);
            return null;
        }

        _lines.Add($"ctx{on}.{op}();");
        (op == Op.Cancel ? (Action)ctx.Cancel : ctx.Dispose)();
        _model.Cancel(on, cause: null);
        return null;
    }

    private string? Stop(int callback)
    {
        if (_probes[callback].Registration is not { } registration)
        {
            return null;
        }

        _lines.Add($"callback{callback}.Stop();");
        var stopped = registration.Stop();
        return stopped == _model.Stop(callback)
            ? null
            : $"callback{callback}.Stop() is {stopped}, not {!stopped}";
    }

    private string? AddCancelable(Context real, int index, string text)
    {
        _cancelable.Add(index);
        return Add(real, index, text);
    }

    private string? Add(Context real, int index, string text)
    {
        if (index < _real.Count)
        {
            _lines.Add($"{text};");
            return ReferenceEquals(real, _real[index]) ? null : $"that is not ctx{index}";
        }

        _real.Add(real);
        _lines.Add($"var ctx{index} = {text};");
        return null;
    }

    private string? Compare()
    {
        var errors = new Dictionary<Ending, OperationCanceledException>();
        for (var i = 0; i < _real.Count; i++)
        {
            if (Compare(i, _real[i], _model.Nodes[i], errors) is { } mismatch)
            {
                return $"ctx{i}.{mismatch}";
            }
        }

        for (var clock = 0; clock < _clocks.Length; clock++)
        {
            var waiting = DeadlineQueue.For(_clocks[clock]).Count;
            var wanted = _model.Nodes.Count(node =>
                node.IsDueItself && node.Clock == clock && node.Ending is null);
            if (waiting != wanted)
            {
                return $"{waiting} deadlines wait on clock{clock}, not {wanted}";
            }
        }

        return null;
    }

    private string? Compare(
        int i, Context real, Node node, Dictionary<Ending, OperationCanceledException> errors)
    {
        var isDone = node.Ending is not null;
        var type = node.Ending is not { } ending ? null
            : ending.IsDeadline ? typeof(DeadlineExceededException) : typeof(ContextCanceledException);
        var err = real.Err;
        if (real.IsDone != isDone || err?.GetType() != type)
        {
            return $"Err is {err?.GetType().Name ?? "null"}, not {type?.Name ?? "null"}; IsDone is {real.IsDone}";
        }

        if (!ReferenceEquals(real.Cause, node.Ending?.Cause ?? err))
        {
            return $"Cause is {real.Cause?.Message ?? "null"}, not {(node.Ending?.Cause ?? err)?.Message ?? "null"}";
        }

        if (node.Ending is { IsForeign: false } shared
            && !ReferenceEquals(errors.TryAdd(shared, err!) ? err : errors[shared], err))
        {
            return "Err is not that of the contexts that ended along with it";
        }

        if (_doneTaken.Contains(i)
            && (real.Done.IsCancellationRequested != isDone || real.Done.CanBeCanceled != node.CanEnd))
        {
            return $"Done.IsCancellationRequested is {!isDone}";
        }

        if (_deadlineRead.Contains(i)
            && real.Deadline != (node.Due is { } due ? Instant(node.Clock, due) : null))
        {
            return $"Deadline is {real.Deadline}, not {(node.Due is { } right ? Instant(node.Clock, right) : "null")}";
        }

        var left = _model.Remaining(i) ?? Timeout.InfiniteTimeSpan.Ticks;
        if (real.Remaining.Ticks != left && Int128.Min(real.Remaining.Ticks, left) < 20_000L * 365 * Day)
        {
            return $"Remaining is {real.Remaining}, not {left} ticks";
        }

        if (real.TimeProvider != _clocks[node.Clock])
        {
            return $"TimeProvider is not clock{node.Clock}";
        }

        for (var key = 0; key < s_keys.Length; key++)
        {
            var has = real.TryGetValue(s_keys[key], out var value);
            if (has != node.Values.TryGetValue(key, out var right) || value != right)
            {
                return $"Value(key{key}) is {value ?? "null"}, not {right ?? "null"}";
            }
        }

        return null;
    }

    /// <summary>An instant of the wall clock, clamped to the range of the calendar.</summary>
    private DateTimeOffset Instant(int clock, Int128 due) => new(
        (long)Int128.Clamp(_starts[clock].UtcTicks + due, DateTimeOffset.MinValue.UtcTicks,
            DateTimeOffset.MaxValue.UtcTicks),
        TimeSpan.Zero);

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"\"{span}\"");
}
