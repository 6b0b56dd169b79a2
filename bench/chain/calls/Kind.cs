using Baton.Http;

namespace Baton.Calls;

/// <summary>One way to make a call, with a client of its own.</summary>
/// <param name="client">The client.</param>
/// <param name="call">Makes one call.</param>
internal sealed class Kind(HttpClient client, Func<HttpClient, Task<HttpResponseMessage>> call) : IDisposable
{
    /// <summary>A client as people have it.</summary>
    internal static HttpClient Bare() => new(new SocketsHttpHandler());

    /// <summary>The same with Baton's handler in front.</summary>
    internal static HttpClient WithBaton() => new(new BatonHandler(new SocketsHttpHandler()));

    internal async Task RunAsync(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            (await call(client)).Dispose();
        }
    }

    public void Dispose() => client.Dispose();
}
