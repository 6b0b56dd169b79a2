using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>What .NET's own client does over TLS: HTTP/2, and HTTP/3 where this machine can.</summary>
internal static class TlsRows
{
    private const string Left = "client disconnected";

    internal static readonly Row[] Http2 = Of("HTTP/2", HttpVersion.Version20, HttpProtocols.Http2);
    internal static readonly Row[] Http3 = Of("HTTP/3", HttpVersion.Version30, HttpProtocols.Http3);

    private static readonly Lazy<X509Certificate2> s_certificate = new(static () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    });

    private static Row[] Of(string name, Version version, HttpProtocols protocols)
    {
        Row[] rows = [
            new($"{name} over TLS; the client gives a request up", "canceled", "canceled", Left,
                async stage =>
                {
                    using var client = Client(version);
                    using var leave = new CancellationTokenSource();
                    var asked = client.GetAsync(Address(stage), leave.Token);
                    var watched = await stage.ArrivedAsync();
                    await leave.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
                    return await stage.FateAsync(watched);
                }),
            new($"{name} over TLS; the client gives a request up, another one runs", "live", "live", "live",
                async stage =>
                {
                    using var client = Client(version);
                    using var leave = new CancellationTokenSource();
                    var stays = client.GetAsync(Address(stage));
                    var watched = await stage.ArrivedAsync();
                    var leaves = client.GetAsync(Address(stage), leave.Token);
                    var other = await stage.ArrivedAsync();
                    await leave.CancelAsync();
                    await WaitFor.Completion(other.Ended);
                    var fate = watched.Fate;
                    await watched.ReturnAsync();
                    Assert.Equal(HttpStatusCode.OK, (await WaitFor.Result(stays)).StatusCode);
                    return fate;
                }),
            new($"{name} over TLS; the client closes the connection", "canceled", "canceled", Left,
                async stage =>
                {
                    var client = Client(version);
                    _ = client.GetAsync(Address(stage));
                    var watched = await stage.ArrivedAsync();
                    client.Dispose();
                    return await stage.FateAsync(watched);
                }),
        ];
        return [.. rows.Select(row => row with
        {
            Logs = "Overriding address(es)",
            Configure = builder => builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
                {
                    endpoint.Protocols = protocols;
                    endpoint.UseHttps(s_certificate.Value);
                })),
        })];
    }

    private static Uri Address(Stage stage) =>
        new($"https://localhost:{stage.Server.Client.BaseAddress!.Port}");

    private static HttpClient Client(Version version)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
            certificate!.GetCertHashString() == s_certificate.Value.GetCertHashString();
        return new HttpClient(handler)
        {
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
