using Baton.Measuring;

namespace Baton.Storm;

/// <summary>What the server holds at one moment.</summary>
/// <param name="Handlers">Handlers that run.</param>
/// <param name="Children">Live contexts of requests: the children of what all of them derive from.</param>
/// <param name="Callbacks">What is registered on that.</param>
/// <param name="Deadlines">Deadlines in the queue of the system's clock.</param>
/// <param name="Objects">Contexts that a full collection has left, of all that were made.</param>
/// <param name="Sockets">Sockets that the process has open.</param>
/// <param name="Timers">Timers of .NET that are set.</param>
/// <param name="TimersThatStay">
/// How many of them may be Baton's: one serves all deadlines or, once cores have met there, those made on one.
/// </param>
/// <param name="Errors">What was logged as an error, or thrown and observed by nobody.</param>
/// <param name="LiveBytes">What is live after a full collection.</param>
internal sealed record Leftovers(
    int Handlers, int Children, int Callbacks, int Deadlines, int Objects, int Sockets, long Timers,
    int TimersThatStay, int Errors, long LiveBytes)
{
    /// <summary>Whether nothing is left of what has come since <paramref name="before"/>.</summary>
    internal bool IsAsBefore(Leftovers before) => Judge(before).All(static one => one.Verdict == Verdict.Met);

    internal IEnumerable<Judgement> Judge(Leftovers before) =>
    [
        Judgement.AtMost(0, "handlers left", Handlers, ""),
        Judgement.AtMost(0, "live contexts left", Children, ""),
        Judgement.AtMost(before.Callbacks, "registrations left", Callbacks, ""),
        Judgement.AtMost(before.Deadlines, "deadlines left", Deadlines, ""),
        Judgement.AtMost(0, "contexts in memory", Objects, ""),
        Judgement.AtMost(before.Sockets, "sockets left", Sockets, ""),
        Judgement.AtMost(before.Timers + TimersThatStay, "timers left", Timers, ""),
    ];
}
