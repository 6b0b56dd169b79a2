using System.Globalization;
using Baton.Tests.Model;

namespace Baton.Tests.Linearizability;

internal enum Act
{
    IsDone,
    Err,
    Cause,
    Done,
    Derive,
    Cancel,
    Dispose,
    AfterFunc,
    Stop,
}

/// <summary>One call of one thread: its target, when it ran, and its result.</summary>
/// <param name="thread">The thread that calls.</param>
/// <param name="number">Its place among all calls, and the cause it cancels with.</param>
/// <param name="act">The member that is called.</param>
/// <param name="on">
/// The context, or for Stop the callback: one of those made before the threads started.
/// </param>
/// <param name="maker">
/// The call of the same thread that made the context; null for a context from before.
/// </param>
internal sealed class Call(int thread, int number, Act act, int on, Call? maker)
{
    internal const int Live = -1;
    internal const int Plain = 0;

    internal int Thread => thread;

    internal int Number => number;

    internal Act Act => act;

    internal int On => on;

    internal Call? Maker => maker;

    internal Exception? CauseGiven { get; } = act == Act.Cancel ? new NumberedCause(number) : null;

    internal Ending Ending => field ??= new Ending(isDeadline: false, CauseGiven);

    internal bool IsRead => act is Act.IsDone or Act.Err or Act.Cause or Act.Done;

    internal int Start { get; set; }

    internal int End { get; set; }

    internal int Result { get; set; }

    /// <summary>A cause as a number: that of the call that gave it, or one of the two constants.</summary>
    internal static int ResultOf(Exception? cause, Exception? err) => cause switch
    {
        null => Live,
        NumberedCause numbered => numbered.Number,
        _ => ReferenceEquals(cause, err) ? Plain : int.MinValue,
    };

    public override string ToString()
    {
        var target = act == Act.Stop ? "callback" : "ctx";
        var name = maker is null
            ? string.Create(CultureInfo.InvariantCulture, $"{target}{on}")
            : $"{target} of call {maker.Number}";
        var text = act switch
        {
            Act.Derive => $"{name}.WithCancel()",
            Act.Cancel => $"{name}.Cancel(cause{number})",
            Act.Dispose => $"{name}.Dispose()",
            Act.AfterFunc => $"{name}.AfterFunc(…)",
            Act.Stop => $"{name}.Stop() → {Result == 1}",
            Act.Done => $"{name}.Done.IsCancellationRequested → {Result == 1}",
            Act.Cause =>
                $"{name}.Cause → {(Result == Live ? "null" : Result == Plain ? "Err" : $"cause{Result}")}",
            _ => $"{name}.{act} → {Result == 1}",
        };
        return string.Create(
            CultureInfo.InvariantCulture, $"thread {thread}, call {number} [{Start}–{End}]: {text}");
    }

    private sealed class NumberedCause(int number) : Exception
    {
        internal int Number => number;
    }
}
