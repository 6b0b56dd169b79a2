using System.Net;

namespace Baton.Storm;

/// <summary>One way to come and to leave.</summary>
internal sealed record Way(string Name, bool IsHttp2, Func<Visit, Task> GoAsync)
{
    internal static IReadOnlyList<Way> All { get; } = [.. Http1Ways.All, .. Http2Ways.All];

    internal IPEndPoint Of(StormServer server) => IsHttp2 ? server.Http2 : server.Http1;
}
