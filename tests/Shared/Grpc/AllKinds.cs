namespace Baton.Grpc.Tests;

/// <summary>Calls of each of the four kinds.</summary>
public static class AllKinds
{
    public static readonly TheoryData<string> Names = ["unary", "client", "server", "duplex"];

    /// <summary>One call after the other, each to its end.</summary>
    internal static async Task CallAsync(Probe.ProbeClient client, CallOptions options)
    {
        foreach (var name in Names)
        {
            await CallAsync(client, name.Data, options);
        }
    }

    /// <summary>One call, of which nothing is sent but the message that starts it, to its end.</summary>
    internal static async Task CallAsync(Probe.ProbeClient client, string kind, CallOptions options)
    {
        switch (kind)
        {
            case "unary":
                await client.UnaryAsync(new Note(), options);
                break;
            case "client":
                using (var call = client.ClientStream(options))
                {
                    await call;
                }

                break;
            case "server":
                using (var call = client.ServerStream(new Note(), options))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            default:
                using (var call = client.Duplex(options))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
        }
    }
}
