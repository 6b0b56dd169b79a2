using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Flow;

public class FlowFixAllTests
{
    private const string Do = """
        static class Do
        {
            public static Task Work(Context ctx) => Task.CompletedTask;
            public static void Step() { }
        }
        """;

    [Theory]
    [InlineData("BTN101", "await Task.Delay(#);")]
    [InlineData("BTN102", "await Task.Delay(#, CancellationToken.None);")]
    [InlineData("BTN103", "using (var child = ctx.WithTimeout(TimeSpan.FromSeconds(#))) { await Do.Work(ctx); }")]
    [InlineData("BTN104", "await Local#(#, ctx); static Task Local#(int number, Context context) => Task.Delay(number, context);")]
    [InlineData("BTN105", "Thread.Sleep(#); if (ctx.Remaining.Seconds == #) { while (true) { Do.Step(); } }")]
    [InlineData("BTN106", "try { await Do.Work(ctx); } catch (Exception) { Console.WriteLine(#); }")]
    [InlineData("BTN107", "await Do.Work(null!);")]
    [InlineData("BTN111", "await Select.After(TimeSpan.FromSeconds(#)).Done(ctx);")]
    public async Task A_hundred_places_in_two_documents_are_mended_at_once(string rule, string mistake)
    {
        var sources = new[] { Handler("First", mistake), Handler("Second", mistake), Do };

        var mended = await VerifyFix.AllAtOnce(rule, sources, FixAllScope.Solution);

        using var workspace = new AdhocWorkspace();
        var compilation = await Sources.Compile(Sources.ProjectFor(rule, workspace, mended));
        Verify.AssertCompiles(compilation);
        Assert.Empty(await Sources.Reports(compilation));
    }

    private static string Handler(string name, string mistake) =>
        $$"""
        class {{name}}
        {
            public async Task Handle(Context ctx)
            {
                await Do.Work(ctx);
                {{string.Join("\n        ", Enumerable.Range(1, 50).Select(i => mistake.Replace("#", $"{i}", StringComparison.Ordinal)))}}
            }
        }
        """;
}
