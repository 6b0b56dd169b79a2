using Microsoft.AspNetCore.ResponseCompression;

namespace Baton.AspNetCore.Tests;

/// <summary>Response compression, on either side of <c>UseBaton()</c>.</summary>
public sealed class ResponseCompressionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_compressed_endpoint_has_the_context(bool isOutside)
    {
        return Work.AssertHoldsAsync(
            app =>
            {
                if (isOutside)
                {
                    app.UseResponseCompression();
                }

                app.UseBaton();
                if (!isOutside)
                {
                    app.UseResponseCompression();
                }

                app.MapGet("/work", static async (Context ctx, HttpResponse response, Work work, Shapes.Taker service) =>
                {
                    var worked = await work.RunAsync(ctx, service);
                    response.ContentType = "text/plain";
                    await response.WriteAsync(string.Join(' ', Enumerable.Repeat(worked, 1000)), ctx);
                    Assert.Equal("br", response.Headers.ContentEncoding);
                });
            },
            static builder => builder.Services.AddResponseCompression(static options =>
                options.Providers.Add<BrotliCompressionProvider>()),
            static client => client.DefaultRequestHeaders.Add("Accept-Encoding", "br"));
    }
}
