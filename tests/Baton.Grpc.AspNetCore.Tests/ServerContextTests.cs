namespace Baton.Grpc.AspNetCore.Tests;

public sealed class ServerContextTests
{
    [Fact]
    public async Task It_is_the_context_of_the_request_in_all_four_kinds_of_method()
    {
        await using var server = await ProbeServer.StartAsync();
        var same = 0;
        server.Methods.All = call =>
        {
            same += ReferenceEquals(call.RequestContext, call.GetHttpContext().RequestContext) ? 1 : 0;
            return Task.CompletedTask;
        };

        await AllKinds.CallAsync(server.BareClient, default);

        Assert.Equal(4, same);
    }

    [Fact]
    public async Task It_ends_when_the_method_has_returned()
    {
        await using var server = await ProbeServer.StartAsync();
        Context? ctx = null;
        server.Methods.Unary = (note, call) =>
        {
            ctx = call.RequestContext;
            return Task.FromResult(note);
        };

        await server.BareClient.UnaryAsync(new Note());

        await WaitFor.True(() => ctx!.IsDone);
        Assert.IsType<RequestCompletedException>(ctx!.Cause);
    }
}
