using System.Text;
using Baton.Tests.Model;

namespace Baton.Tests.Linearizability;

/// <summary>
/// Looks for an order of the calls of a history in which the model gives each call its result.
/// </summary>
/// <remarks>
/// A call takes effect between its start and its end. Reads and derivations do so in one step. A cancellation
/// does so context by context, from the bottom up: promise 3 says no more than that.
/// A callback may be claimed a step before its context is seen done.
/// </remarks>
internal sealed class Linearization
{
    private readonly Call[][] _threads;
    private readonly HashSet<string> _seen = [];

    private Linearization(IEnumerable<Call> calls) =>
        _threads = [.. calls.GroupBy(static call => call.Thread).Select(static thread =>
            thread.OrderBy(call => call.Number).ToArray())];

    /// <param name="before">The contexts and callbacks from before the threads started.</param>
    /// <param name="calls">What the threads did.</param>
    internal static bool Exists(ReferenceModel before, IEnumerable<Call> calls)
    {
        var linearization = new Linearization(calls);
        return linearization.Leads(new State(before, new int[linearization._threads.Length], []));
    }

    /// <summary>Whether all remaining calls can be placed from here on.</summary>
    private bool Leads(State state)
    {
        if (!_seen.Add(state.ToString()))
        {
            return false;
        }

        var isOver = true;
        for (var thread = 0; thread < _threads.Length; thread++)
        {
            if (state.Next[thread] == _threads[thread].Length)
            {
                continue;
            }

            isOver = false;
            var call = _threads[thread][state.Next[thread]];
            if (MayStart(call, state) && Steps(call, state, thread).Any(Leads))
            {
                return true;
            }
        }

        return isOver;
    }

    /// <summary>Whether all calls that had ended when this one started have been placed.</summary>
    private bool MayStart(Call call, State state)
    {
        for (var thread = 0; thread < _threads.Length; thread++)
        {
            var next = state.Next[thread];
            if (next < _threads[thread].Length && _threads[thread][next].End < call.Start)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the next step of a call may lead to.</summary>
    private static IEnumerable<State> Steps(Call call, State state, int thread)
    {
        var on = call.Maker is { } maker ? state.Made[maker] : call.On;
        if (call.Act is not (Act.Cancel or Act.Dispose))
        {
            var next = state.Copy(thread);
            if (Apply(call, next, on))
            {
                yield return next;
            }

            yield break;
        }

        var lowest = state.Model.Lowest(on);
        if (lowest.Count == 0)
        {
            yield return state.Copy(thread);
        }

        foreach (var ctx in lowest)
        {
            var ended = state.Copy();
            ended.Model.EndOne(ctx, call.Ending);
            yield return ended;
            for (var callback = 0; callback < state.Model.Callbacks.Count; callback++)
            {
                if (state.Model.Callbacks[callback] == (ctx, Fate.Waiting))
                {
                    var claimed = state.Copy();
                    claimed.Model.Start(callback, ctx);
                    yield return claimed;
                }
            }
        }
    }

    /// <summary>Makes the call on the model. False if the result differs.</summary>
    private static bool Apply(Call call, State state, int on)
    {
        switch (call.Act)
        {
            case Act.Derive:
                state.Made[call] = state.Model.WithCancel(on);
                return true;
            case Act.AfterFunc:
                state.Made[call] = state.Model.AfterFunc(on);
                return true;
            case Act.Stop:
                return state.Model.Stop(on) == (call.Result == 1);
            case Act.Cause:
                var ending = state.Model.Nodes[on].Ending;
                return call.Result == (ending is null
                    ? Call.Live
                    : Call.ResultOf(ending.Cause, ending.Cause) is var cause and > 0 ? cause : Call.Plain);
            default:
                return (state.Model.Nodes[on].Ending is not null) == (call.Result == 1);
        }
    }

    /// <param name="Model">The state after the calls that have been placed.</param>
    /// <param name="Next">The next call of each thread.</param>
    /// <param name="Made">The contexts that calls have made so far.</param>
    private sealed record State(ReferenceModel Model, int[] Next, Dictionary<Call, int> Made)
    {
        internal State Copy(int placed = -1)
        {
            var copy = new State(new ReferenceModel(Model), [.. Next], new Dictionary<Call, int>(Made));
            if (placed >= 0)
            {
                copy.Next[placed]++;
            }

            return copy;
        }

        public override string ToString()
        {
            var text = new StringBuilder().AppendJoin(',', Next);
            foreach (var node in Model.Nodes)
            {
                text.Append(';').Append(node.Parent).Append(':')
                    .Append(Call.ResultOf(node.Ending?.Cause, null)).Append(node.Ending is null);
            }

            return text.Append('|').AppendJoin(',', Model.Callbacks).Append('|')
                .AppendJoin(',', Made.Values).ToString();
        }
    }
}
