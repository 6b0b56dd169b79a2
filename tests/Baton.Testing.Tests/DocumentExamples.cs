using Baton.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using NSubstitute;

namespace Baton.Testing.Tests;

/// <summary>The code of docs/testing.md, compiled and run.</summary>
public sealed class DocumentExamples
{
    public interface IStock
    {
        Task<int> CountAsync(Context ctx, string item);

        Task<int> CountByTokenAsync(string item, CancellationToken cancellationToken);
    }

    [Fact]
    public async Task A_timeout_passes_without_waiting()
    {
        // testing: clock
        using var test = new ContextTest();                                  // a fake clock, and a context on it
        var asked = new SyncPoint();                                         // where the double stops
        var running = new Orders(new SlowStock(asked)).PlaceAsync(test.Context, "hat");

        await asked.ArrivedAsync();                                          // the code is there: no sleep, on any machine
        test.Advance(TimeSpan.FromSeconds(2));                               // the timeout of PlaceAsync passes

        await Assert.ThrowsAsync<DeadlineExceededException>(() => running);
        test.AssertNothingLeft();                                            // everything derived was disposed
        // end
    }

    [Fact]
    public void A_context_ends_as_in_production()
    {
        using var test = new ContextTest();
        var limit = TimeSpan.FromSeconds(3);

        // testing: ends
        test.Context.Cancel(new ClientDisconnectedException());              // the client leaves
        test.Context.Cancel(new ServerShutdownException());                  // the server stops; the first end counts
        using var timed = Context.Root(test.Clock).WithTimeout(              // the endpoint's timeout
            limit, new RequestTimeoutException(RequestTimeoutSource.Endpoint, limit));
        // end

        ContextAssert.EndedBy<ClientDisconnectedException>(test.Context);
        test.Advance(limit);
        var cause = ContextAssert.EndedBy<RequestTimeoutException>(timed);
        Assert.Equal((RequestTimeoutSource.Endpoint, limit), (cause.TimeoutSource, cause.Timeout));
        Assert.Equal("timeout", timed.Err!.CauseName);
        Assert.Equal("client_disconnected", test.Context.Err!.CauseName);
    }

    [Fact]
    public async Task Middleware_needs_no_server()
    {
        using var test = new ContextTest();
        using var services = new ServiceCollection().BuildServiceProvider();
        Context? seen = null;
        RequestDelegate middleware = http =>
        {
            seen = http.RequestContext;
            return Task.CompletedTask;
        };

        // testing: handler
        var http = new DefaultHttpContext { RequestServices = services };
        http.RequestContext = test.Context;
        await middleware(http);
        // end

        ContextAssert.DescendsFrom(seen!, test.Context);
    }

    [Fact]
    public async Task A_request_of_a_test_server_has_its_deadline_on_the_fake_clock()
    {
        var clock = new FakeTimeProvider();
        var handler = new SyncPoint();
        using var leaves = new CancellationTokenSource();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddBaton(static options => options.Timeout = TimeSpan.FromSeconds(10));

        // testing: base
        builder.Services.Configure<BatonOptions>(options => options.BaseContext = Context.Root(clock));
        // end

        await using var app = builder.Build();
        app.UseBaton();
        app.MapGet("/slow", (Context ctx) => handler.ArriveAsync(ctx));
        await app.StartAsync();
        using var client = app.GetTestClient();

        // testing: server
        var asking = client.GetAsync("/slow", leaves.Token);
        await handler.ArrivedAsync();                                        // a SyncPoint in the handler
        clock.Advance(TimeSpan.FromSeconds(10));                             // its deadline: 504
        // end

        using var response = await WaitFor.Result(asking);
        Assert.Equal(504, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_mock_is_asked_for_the_context()
    {
        using var test = new ContextTest();
        var ctx = test.Context;
        using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
        var stock = new Mock<IStock>();
        var substitute = Substitute.For<IStock>();
        foreach (var one in (IStock[])[stock.Object, substitute])
        {
            await one.CountAsync(child, "hat");
            await one.CountByTokenAsync("hat", child);
        }

        // testing: mocks
        // Moq
        stock.Verify(one => one.CountAsync(It.Is<Context>(c => c.DescendsFrom(ctx)), "hat"));
        stock.Verify(one => one.CountByTokenAsync("hat", It.Is<CancellationToken>(token => token.DescendsFrom(ctx))));

        // NSubstitute
        await substitute.Received().CountAsync(Arg.Is<Context>(c => c.DescendsFrom(ctx)), "hat");
        await substitute.Received().CountByTokenAsync("hat", Arg.Is<CancellationToken>(token => token.DescendsFrom(ctx)));
        // end
    }

    [Fact]
    public void Every_block_of_the_page_is_the_region_of_its_name()
    {
        var blocks = CodeBlocks.OfDocument("docs/testing.md", "testing");
        var regions = CodeBlocks.OfSource("tests/Baton.Testing.Tests/DocumentExamples.cs", "testing");

        Assert.NotEmpty(blocks);
        Assert.Equal(blocks.Keys.Order(), regions.Keys.Order());
        Assert.All(blocks, block => Assert.Equal(block.Value, regions[block.Key]));
    }

    private sealed class Orders(IStock stock)
    {
        internal async Task<bool> PlaceAsync(Context ctx, string item)
        {
            using var asking = ctx.WithTimeout(TimeSpan.FromSeconds(2));
            return await stock.CountAsync(asking, item) > 0;
        }
    }

    private sealed class SlowStock(SyncPoint asked) : IStock
    {
        public async Task<int> CountAsync(Context ctx, string item)
        {
            await asked.ArriveAsync(ctx);
            return 1;
        }

        public Task<int> CountByTokenAsync(string item, CancellationToken cancellationToken) => Task.FromResult(1);
    }
}
