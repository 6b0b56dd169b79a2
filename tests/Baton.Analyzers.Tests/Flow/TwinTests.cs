namespace Baton.Analyzers.Tests.Flow;

public class TwinTests
{
    private const string Rule = "BTN108";

    private const string Clients = """

        class Store
        {
            public Task<string> LoadAsync(string name, CancellationToken token = default) => Task.FromResult(name);
            public Task<string> LoadAsync(Context ctx, string name) => Task.FromResult(name);
            public Task SaveAsync(string name, int count, CancellationToken token) => Task.CompletedTask;
            public ValueTask SaveAsync(Context ctx, string name, int count) => default;
            public Task PutAsync(string name, CancellationToken token) => Task.CompletedTask;
            public Task PutAsync(Context ctx, string name, bool now = false) => Task.CompletedTask;
            public static Task Reset(CancellationToken token) => Task.CompletedTask;
            public static Task Reset(Context ctx) => Task.CompletedTask;
            public Task<T> MakeAsync<T>(string name, CancellationToken token) => throw new NotSupportedException();
            public Task<T> MakeAsync<T>(Context ctx, string name) => throw new NotSupportedException();

            public Task OtherAsync(string name, CancellationToken token) => Task.CompletedTask;
            public Task<int> OtherAsync(Context ctx, string name) => Task.FromResult(1);
            public Task LastAsync(string name, CancellationToken token) => Task.CompletedTask;
            public Task LastAsync(string name, Context {|BTN104:ctx|}) => Task.CompletedTask;
            public Task MoreAsync(string name, CancellationToken token) => Task.CompletedTask;
            public Task MoreAsync(Context ctx, string name, int more) => Task.CompletedTask;
            public Task OldAsync(string name, CancellationToken token) => Task.CompletedTask;
            [Obsolete] public Task OldAsync(Context ctx, string name) => Task.CompletedTask;
            public Task OwnAsync(string name, CancellationToken token) => Task.CompletedTask;
            private Task OwnAsync(Context ctx, string name) => Task.CompletedTask;
            public Task LoneAsync(string name, CancellationToken token) => Task.CompletedTask;
        }

        static class ClientExtensions
        {
            public static Task<string> GetStringAsync(this HttpClient client, Context ctx, string url) => client.GetStringAsync(url, ctx);
            public static Task<int> AskAsync(this Store store, string name, CancellationToken token) => Task.FromResult(1);
            public static Task<int> AskAsync(this Store store, Context ctx, string name) => store.AskAsync(name, ctx);
        }
        """;

    private static string In(string body) => $$"""
        class Tested
        {
            public async Task Handle(Context ctx, HttpClient client, Store store, Store? other, CancellationToken token)
            {
                await Task.Yield();
                {{body}}
            }
        }
        """ + Clients;

    [Theory]
    [InlineData("await client.GetStringAsync(\"a\", [|ctx|]);")]
    [InlineData("await client.GetStringAsync(\"a\", [|ctx.Done|]);")]
    [InlineData("await store.LoadAsync(\"a\", [|ctx|]);")]
    [InlineData("await store.LoadAsync(name: \"a\", [|token: ctx|]);")]
    [InlineData("await store.SaveAsync(\"a\", 1, [|ctx|]);")]
    [InlineData("await store.PutAsync(\"a\", [|ctx|]);")]
    [InlineData("await store.MakeAsync<int>(\"a\", [|ctx|]);")]
    [InlineData("await store.AskAsync(\"a\", [|ctx|]);")]
    [InlineData("await ClientExtensions.AskAsync(store, \"a\", [|ctx|]);")]
    [InlineData("if (other?.LoadAsync(\"a\", [|ctx|]) is { } task) { await task; }")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); await store.LoadAsync(\"a\", [|child|]);")]
    [InlineData("await store.LoadAsync(\"a\", [|(CancellationToken)ctx|]);")]
    public Task Reports_a_context_that_becomes_a_token_beside_a_twin(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("await store.LoadAsync(ctx, \"a\");")]
    [InlineData("await client.GetStringAsync(ctx, \"a\");")]
    [InlineData("await store.LoadAsync(\"a\", token);")]
    [InlineData("var done = ctx.Done; await store.LoadAsync(\"a\", done);")]
    [InlineData("await store.OtherAsync(\"a\", ctx);")]
    [InlineData("await store.LastAsync(\"a\", ctx);")]
    [InlineData("await store.LastAsync(\"a\", ctx.Done);")]
    [InlineData("await store.MoreAsync(\"a\", ctx);")]
    [InlineData("await store.OldAsync(\"a\", ctx);")]
    [InlineData("await store.OwnAsync(\"a\", ctx);")]
    [InlineData("await store.LoneAsync(\"a\", ctx);")]
    [InlineData("await Task.Delay(1, ctx);")]
    [InlineData("var task = store.SaveAsync(\"a\", 1, ctx); await task;")]
    [InlineData("await Store.Reset(ctx);")]
    public Task Is_silent_without_a_twin_or_a_context(string body) => Verify.Silent(In(body));

    [Fact]
    public Task Is_silent_in_the_twin_itself() => Verify.Silent("""
        class Store
        {
            public Task LoadAsync(string name, CancellationToken token) => Task.CompletedTask;
            public Task LoadAsync(Context ctx, string name) => LoadAsync(name, ctx);
        }
        """);

    [Fact]
    public Task The_fix_calls_the_twin() => VerifyFix.Turns(Rule, In("""
        await client.GetStringAsync("a", ctx);
                await store.LoadAsync("a", ctx.Done); // why
                await store.SaveAsync(
                    "a",
                    1,
                    ctx);
                await ClientExtensions.AskAsync(store, "a", ctx);
                await store.LoadAsync(await store.LoadAsync("a", ctx), ctx);
        """), In("""
        await client.GetStringAsync(ctx, "a");
                await store.LoadAsync(ctx, "a"); // why
                await store.SaveAsync(
                    ctx, "a",
                    1);
                await ClientExtensions.AskAsync(store, ctx, "a");
                await store.LoadAsync(ctx, await store.LoadAsync(ctx, "a"));
        """));
}
