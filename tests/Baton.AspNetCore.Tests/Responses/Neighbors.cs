using Microsoft.AspNetCore.ResponseCompression;

namespace Baton.AspNetCore.Tests;

/// <summary>Other middleware that stands between a handler and its client.</summary>
internal static class Neighbors
{
    internal static void AddTo(WebApplicationBuilder builder)
    {
        builder.Services.AddOutputCache(static cache => cache.AddBasePolicy(static policy => policy.Cache()));
        builder.Services.AddResponseCaching();
        builder.Services.AddResponseCompression(static compression =>
            compression.Providers.Add<GzipCompressionProvider>());
        builder.Services.AddSingleton<Cache>();
    }

    internal static void Use(WebApplication app, string name) => _ = name switch
    {
        "buffer" => app.Use(async (http, next) =>
        {
            var own = http.Response.Body;
            using var buffer = new MemoryStream();
            http.Response.Body = buffer;
            try
            {
                await next(http);
            }
            finally
            {
                http.Response.Body = own;
            }

            if (buffer.ToArray() is { Length: > 0 } held)
            {
                await own.WriteAsync(held);
            }
        }),
        "pass-through" => app.Use(async (http, next) =>
        {
            var own = http.Response.Body;
            var kept = http.RequestServices.GetRequiredService<Cache>();
            if (kept.Body is { } known)
            {
                await own.WriteAsync(known);
                return;
            }

            using var copy = new Copy(own);
            http.Response.Body = copy;
            try
            {
                await next(http);
            }
            finally
            {
                http.Response.Body = own;
            }

            if (http.Response.StatusCode == 200)
            {
                kept.Body = copy.ToArray();
            }
        }),
        "output cache" => app.UseOutputCache(),
        "response cache" => app.UseResponseCaching(),
        "compression" => app.UseResponseCompression(),
        _ => app,
    };

    /// <summary>What a cache of an application's own has kept.</summary>
    internal sealed class Cache
    {
        internal byte[]? Body { get; set; }
    }

    private sealed class Copy(Stream inner) : MemoryStream
    {
        public override bool CanSeek => false;

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override async Task FlushAsync(CancellationToken cancellationToken) =>
            await inner.FlushAsync(cancellationToken);
    }
}
