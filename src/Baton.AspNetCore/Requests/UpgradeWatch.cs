using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>Sees whether it is the client that ends an upgraded connection, which a web socket is.</summary>
/// <remarks>
/// ASP.NET Core aborts the request when its web socket has broken off, by the same call as the application does,
/// and mostly before the server has noticed. So the end of what the client sends is looked for here.
/// </remarks>
internal sealed class UpgradeWatch(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    internal bool HasClientLeft { get; private set; }

    public bool IsUpgradableRequest => upgrade!.IsUpgradableRequest;

    [MemberNotNullWhen(true, nameof(Protocol))]
    public bool IsExtendedConnect => connect!.IsExtendedConnect;

    public string? Protocol => connect!.Protocol;

    /// <summary>Watches a request that may become a web socket; null for any other.</summary>
    internal static UpgradeWatch? TryMake(HttpContext http)
    {
        if (http.Request.Headers.Upgrade.Count == 0 && !HttpMethods.IsConnect(http.Request.Method))
        {
            return null;
        }

        var upgrade = http.Features.Get<IHttpUpgradeFeature>();
        var connect = http.Features.Get<IHttpExtendedConnectFeature>();
        var watch = new UpgradeWatch(upgrade, connect);
        if (upgrade is not null)
        {
            http.Features.Set<IHttpUpgradeFeature>(watch);
        }

        if (connect is not null)
        {
            http.Features.Set<IHttpExtendedConnectFeature>(watch);
        }

        return watch;
    }

    public async Task<Stream> UpgradeAsync() => new Watched(this, await upgrade!.UpgradeAsync().ConfigureAwait(false));

    public async ValueTask<Stream> AcceptAsync() =>
        new Watched(this, await connect!.AcceptAsync().ConfigureAwait(false));

    /// <summary>The connection. What the client sends is looked at.</summary>
    private sealed class Watched(UpgradeWatch watch, Stream inner) : ForwardingStream
    {
        protected override Stream Inner => inner;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Note(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
            }
            catch (IOException)
            {
                watch.HasClientLeft = true;
                throw;
            }
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                return Note(inner.Read(buffer, offset, count), count);
            }
            catch (IOException)
            {
                watch.HasClientLeft = true;
                throw;
            }
        }

        /// <summary>A read that gives nothing, though there was room for it, is the client's end.</summary>
        private int Note(int read, int room)
        {
            watch.HasClientLeft |= read == 0 && room > 0;
            return read;
        }
    }
}
