using Baton.Http;

namespace Baton.Calls;

/// <summary>One way to make a call, with a client of its own.</summary>
/// <param name="name">What it is.</param>
/// <param name="client">The client.</param>
/// <param name="call">Makes one call.</param>
internal sealed class Kind(string name, HttpClient client, Func<HttpClient, Task<HttpResponseMessage>> call) : IDisposable
{
    internal string Name => name;

    /// <summary>A client as people have it, and one with Baton's handler in front.</summary>
    internal static HttpClient Bare() => new(new SocketsHttpHandler());

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
