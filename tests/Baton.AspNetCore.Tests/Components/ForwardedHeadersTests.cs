using Microsoft.AspNetCore.HttpOverrides;

namespace Baton.AspNetCore.Tests;

/// <summary>An address that a proxy forwards, put into the context by middleware.</summary>
public sealed class ForwardedHeadersTests
{
    private static readonly ContextKey<string> s_user = new("user address");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Middleware_puts_the_users_address_into_the_context(bool isOutside) => Work.AssertHoldsAsync(
        app =>
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
            if (isOutside)
            {
                app.UseForwardedHeaders(forwarded);
            }

            app.UseBaton();
            if (!isOutside)
            {
                app.UseForwardedHeaders(forwarded);
            }

            app.Use(static (http, next) =>
            {
                http.RequestContext = http.RequestContext.WithValue(
                    s_user, http.Connection.RemoteIpAddress!.ToString());
                return next(http);
            });
            app.MapGet("/work", static (Context ctx, Work work, Shapes.Taker service) =>
            {
                Assert.Equal("192.0.2.7", ctx.Value(s_user));
                return work.RunAsync(ctx, service);
            });
        },
        static _ => { },
        static client => client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7"));
}
