using System.Net.Quic;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.Http.Tests;

/// <summary>The versions of HTTP, each of which ends a call in its own way.</summary>
internal static class Wire
{
    private static readonly Lazy<X509Certificate2> s_certificate = new(NewCertificate);

    internal static X509Certificate2 Certificate => s_certificate.Value;

    internal static void Configure(WebApplicationBuilder builder, string version) =>
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Protocols = version switch
                {
                    "1.1" => HttpProtocols.Http1,
                    "2.0" => HttpProtocols.Http2,
                    _ => HttpProtocols.Http3,
                };
                if (version == "3.0")
                {
                    endpoint.UseHttps(s_certificate.Value);
                }
            }));

    /// <summary>A client that speaks that version and no other, with Baton in front.</summary>
    internal static HttpClient Client(Uri address, string version, BatonHttpOptions? options = null)
    {
        var sockets = new SocketsHttpHandler();
        sockets.SslOptions.RemoteCertificateValidationCallback =
            static (_, shown, _, _) =>
                shown is not null && shown.GetRawCertData().SequenceEqual(s_certificate.Value.RawData);
        return new HttpClient(new BatonHandler(sockets, options))
        {
            BaseAddress = address,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macOS")]
    [SupportedOSPlatform("windows")]
    internal static void SkipUnlessHere(string version) =>
        Assert.SkipWhen(version == "3.0" && !QuicConnection.IsSupported,
            "HTTP/3 needs QUIC, which this machine has not.");

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
