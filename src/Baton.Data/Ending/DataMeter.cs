using System.Diagnostics.Metrics;

namespace Baton.Data;

/// <summary>Counts the statements that a context kept from running, or ended.</summary>
internal static class DataMeter
{
    internal const string Name = "Baton.Data";

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>(
        "baton.db.client.refused", "{statement}",
        "Statements that were not sent, because their context was done or too little time remained.");

    private static readonly Counter<long> s_ended = s_meter.CreateCounter<long>(
        "baton.db.client.ended", "{statement}",
        "Statements that their context ended, by the server's own limit or by a cancel.");

    internal static void Refused(Engine engine, ContextException why) => s_refused.Add(
        1,
        new KeyValuePair<string, object?>("db.system.name", engine.Name),
        new KeyValuePair<string, object?>("error.type", why switch
        {
            { InnerException: InsufficientTimeException } => "insufficient_time",
            DeadlineExceededException => "deadline_exceeded",
            _ => "canceled",
        }));

    internal static void Ended(Engine engine, bool isByServer) => s_ended.Add(
        1,
        new KeyValuePair<string, object?>("db.system.name", engine.Name),
        new KeyValuePair<string, object?>("baton.ended_by", isByServer ? "server_limit" : "cancel"));
}
