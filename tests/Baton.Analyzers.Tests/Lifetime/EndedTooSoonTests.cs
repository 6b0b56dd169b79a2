namespace Baton.Analyzers.Tests.Lifetime;

public class EndedTooSoonTests
{
    private const string Rule = "BTN005";

    private static string In(string body, string returns = "Task<string>") => $$"""
        class Tested(HttpClient client)
        {
            private static readonly ContextKey<int> s_key = new("key");
            private Task<string> _task = Task.FromResult("");
            private readonly List<Task<string>> _all = [];

            {{returns}} M(Context ctx, string url, bool flag)
            {
                {{body}}
            }

            Task<string> AskAsync(Context ctx, string url) => client.GetStringAsync(url, ctx);
            static Task RunAsync(Context ctx) => ctx.Delay(TimeSpan.FromSeconds(1));
            static IAsyncEnumerable<int> Rows(Context ctx) => throw new NotSupportedException(ctx.ToString());
            string Describe(Context ctx) => ctx.ToString() + _task + _all + s_key;
        }
        """;

    [Theory]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); return client.[|GetStringAsync|](url, child);")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); return client.[|GetStringAsync|](url, child.Done);")]
    [InlineData("using (var child = ctx.WithCancel()) { return [|AskAsync|](child, url); }")]
    [InlineData("using var child = ctx.WithCancel(); if (flag) { return [|AskAsync|](child, url); } return Task.FromResult(\"\");")]
    [InlineData("var child = ctx.WithCancel(); try { return [|AskAsync|](child, url); } finally { child.Dispose(); }")]
    [InlineData("using var child = ctx.WithCancel(); var task = AskAsync(child, url); return [|task|];")]
    [InlineData("using var child = ctx.WithCancel(); var token = child.Done; return client.[|GetStringAsync|](url, token);")]
    [InlineData("using var child = ctx.WithCancel(); return [|AskAsync|](child.WithValue(s_key, 1), url);")]
    [InlineData("using var child = ctx.WithCancel(); var named = child.WithValue(s_key, 1); return [|AskAsync|](named, url);")]
    [InlineData("using var child = ctx.WithCancel(); return flag ? [|AskAsync|](child, url) : Task.FromResult(\"\");")]
    [InlineData("using var child = ctx.WithCancel(); return Task.[|Run|](() => AskAsync(child, url));")]
    [InlineData("using var child = ctx.WithCancel(); return [|AskAsync|](child, url).WaitAsync(TimeSpan.FromSeconds(1), ctx);")]
    [InlineData("using var child = ctx.WithCancel(); return child.[|WaitAsync|](_task);")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); using var grand = child.WithCancel(); return [|AskAsync|](grand, url);")]
    public Task Reports_a_task_that_is_returned_without_await(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("using var child = ctx.WithCancel(); return Task.WhenAll([|RunAsync|](child), Task.CompletedTask);", "Task")]
    [InlineData("using var child = ctx.WithCancel(); return new ValueTask([|RunAsync|](child));", "ValueTask")]
    [InlineData("using var child = ctx.WithCancel(); return child.[|Delay|](TimeSpan.FromSeconds(1));", "Task")]
    [InlineData("using var child = ctx.WithCancel(); return [|Rows|](child);", "IAsyncEnumerable<int>")]
    [InlineData("using var child = ctx.WithCancel(); return await client.[|GetStreamAsync|](url, child);", "async Task<Stream>")]
    [InlineData("using var child = ctx.WithCancel(); var stream = await client.GetStreamAsync(url, child).ConfigureAwait(false); return [|stream|];", "async Task<Stream>")]
    [InlineData("using var child = ctx.WithCancel(); return await client.[|GetAsync|](url, HttpCompletionOption.ResponseHeadersRead, child);", "async Task<HttpResponseMessage>")]
    [InlineData("using var child = ctx.WithCancel(); return new[] { url }.[|Select|](one => AskAsync(child, one));", "IEnumerable<Task<string>>")]
    [InlineData("using (var child = ctx.WithCancel()) { _task = [|AskAsync|](child, url); }", "void")]
    [InlineData("foreach (var one in new[] { url }) { using var child = ctx.WithCancel(); _all.Add([|AskAsync|](child, one)); }", "void")]
    [InlineData("var all = new List<Task>(); foreach (var one in new[] { url }) { using var child = ctx.WithCancel(); all.Add([|AskAsync|](child, one)); } await Task.WhenAll(all);", "async Task")]
    [InlineData("Task<string> later; using (var child = ctx.WithCancel()) { later = [|AskAsync|](child, url); } await later;", "async Task")]
    [InlineData("Func<Task<string>> ask = () => { using var child = ctx.WithCancel(); return [|AskAsync|](child, url); }; await ask();", "async Task")]
    [InlineData("await Local(); Task<string> Local() { using var child = ctx.WithCancel(); return [|AskAsync|](child, url); }", "async Task")]
    public Task Reports_what_leaves_the_block_in_another_way(string body, string returns) =>
        Verify.Reports(Rule, In(body, returns));

    [Theory]
    [InlineData("return AskAsync(ctx, url);", "Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); return await AskAsync(child, url);", "async Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); return await AskAsync(child, url).ConfigureAwait(false);", "async Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); var task = AskAsync(child, url); await task; return task;", "async Task<Task<string>>")]
    [InlineData("using var child = ctx.WithCancel(); return Task.FromResult(Describe(child));", "Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); return AskAsync(child.WithoutCancel(), url);", "Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); child.ThrowIfDone(); return client.GetStringAsync(url{|BTN103:, ctx|});", "Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); return AskAsync(child, url).GetAwaiter().GetResult();", "string")]
    [InlineData("using var child = ctx.WithCancel(); using var response = await client.GetAsync(url, child); return await response.Content.ReadAsStringAsync(child);", "async Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); return await client.GetAsync(url, child);", "async Task<HttpResponseMessage>")]
    [InlineData("using var child = ctx.WithCancel(); return new MemoryStream(await client.GetByteArrayAsync(url, child));", "async Task<Stream>")]
    [InlineData("using var child = ctx.WithCancel(); await foreach (var row in Rows(child)) { yield return row; }", "async IAsyncEnumerable<int>")]
    [InlineData("using (var child = ctx.WithCancel()) { child.ThrowIfDone(); } return AskAsync(ctx, url);", "Task<string>")]
    [InlineData("using var child = ctx.WithCancel(); _task = AskAsync(child, url); await _task;", "async Task")]
    [InlineData("using var child = ctx.WithCancel(); foreach (var one in new[] { url }) { _all.Add(AskAsync(child, one)); } await Task.WhenAll(_all);", "async Task")]
    [InlineData("using var child = ctx.WithCancel(); var all = new List<Task>(); all.Add(AskAsync(child, url)); await Task.WhenAll(all);", "async Task")]
    [InlineData("using var child = ctx.WithCancel(); Func<Task<string>> ask = () => AskAsync(child, url); await ask();", "async Task")]
    [InlineData("using var child = ctx.WithCancel(); await Local(); Task<string> Local() => AskAsync(child, url);", "async Task")]
    [InlineData("using var child = ctx.WithCancel(); return Describe(child);", "string")]
    public Task Is_silent_on_what_ends_in_the_block(string body, string returns) =>
        Verify.Silent(In(body.Replace("{|BTN103:, ctx|}", ", {|BTN103:ctx|}", StringComparison.Ordinal), returns));

    [Fact]
    public Task The_fix_awaits_what_every_return_gives() => VerifyFix.Turns(Rule, """
        class Tested(HttpClient client)
        {
            public Task<string> AskAsync(Context ctx, string url, bool flag)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                if (flag)
                    return Task.FromResult("");

                return flag ? client.GetStringAsync(url, child) : client.GetStringAsync("", child);
            }

            static Task RunAsync(Context ctx, bool flag)
            {
                if (flag)
                {
                    return Task.CompletedTask;
                }

                using (var child = ctx.WithCancel())
                {
                    child.ThrowIfDone();
                    return child.Delay(TimeSpan.FromSeconds(1)); // why
                }
            }

            Func<Task> Later(Context ctx) => () =>
            {
                using var child = ctx.WithCancel();
                return RunAsync(child, true);
            };
        }
        """, """
        class Tested(HttpClient client)
        {
            public async Task<string> AskAsync(Context ctx, string url, bool flag)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                if (flag)
                    return await Task.FromResult("");

                return await (flag ? client.GetStringAsync(url, child) : client.GetStringAsync("", child));
            }

            static async Task RunAsync(Context ctx, bool flag)
            {
                if (flag)
                {
                    return;
                }

                using (var child = ctx.WithCancel())
                {
                    child.ThrowIfDone();
                    await child.Delay(TimeSpan.FromSeconds(1)); // why
                    return; // why
                }
            }

            Func<Task> Later(Context ctx) => async () =>
            {
                using var child = ctx.WithCancel();
                await RunAsync(child, true);
            };
        }
        """);

    [Theory]
    [InlineData("using var child = ctx.WithCancel(); return await client.GetStreamAsync(url, child);", "async Task<Stream>")]
    [InlineData("using var child = ctx.WithCancel(); return Rows(child);", "IAsyncEnumerable<int>")]
    [InlineData("using (var child = ctx.WithCancel()) { _task = AskAsync(child, url); }", "void")]
    public Task Offers_no_fix_for_what_is_read_or_awaited_elsewhere(string body, string returns) =>
        VerifyFix.IsNotOffered(Rule, In(body, returns));
}
