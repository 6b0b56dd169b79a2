namespace Baton.Http.Tests;

/// <summary>Why calls to one host were not made, as counted.</summary>
internal static class Refusals
{
    internal static CounterListener Of(string host) => new("Baton.Http", "baton.http.client.refused", tags =>
        host.Equals(tags["server.address"]) ? (string)tags["error.type"]! : null);
}
