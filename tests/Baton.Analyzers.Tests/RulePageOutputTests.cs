using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace Baton.Analyzers.Tests;

/// <summary>
/// The pages of the rules: what they say is printed, where they say why a mistake hurts, is printed. Not run are pages
/// whose example needs a server or a window. Those that measure memory, or a wait beside a deadline, are compiled: on a
/// busy machine they may measure something else.
/// </summary>
public partial class RulePageOutputTests
{
    private const string Prelude = """
        using System.Diagnostics;
        using Console = Printed;

        """;

    private const string Printed = """

        static class Printed
        {
            public static readonly List<string> Lines = [];

            public static void WriteLine(object? line) => Lines.Add($"{line}");
        }

        static class Keys
        {
            public static readonly ContextKey<int> Attempt = new("attempt");
            public static readonly ContextKey<string> User = new("user");
            public static readonly ContextKey<List<string>> Tags = new("tags");
        }

        class Mailer(Context ctx)
        {
            public Task SendAsync() => ctx.Delay(TimeSpan.FromSeconds(1));
        }

        """;

    [Theory]
    [InlineData("BTN002", false)]
    [InlineData("BTN003", false)]
    [InlineData("BTN004", false)]
    [InlineData("BTN005", false)]
    [InlineData("BTN102", true)]
    [InlineData("BTN103", true)]
    [InlineData("BTN106", false)]
    [InlineData("BTN107", false)]
    [InlineData("BTN109", false)]
    [InlineData("BTN201", false)]
    [InlineData("BTN202", false)]
    [InlineData("BTN203", false)]
    [InlineData("BTN204", false)]
    public async Task What_a_page_says_is_printed_is_printed(string rule, bool numbersDiffer)
    {
        var (code, output) = await ExampleAsync(rule);

        var printed = await RunAsync(Program(rule, code));

        Assert.Equal(Masked(output, numbersDiffer), Masked(printed, numbersDiffer));
    }

    [Theory]
    [InlineData("BTN001")]
    [InlineData("BTN101")]
    [InlineData("BTN105")]
    public async Task What_measures_compiles(string rule) =>
        Verify.AssertCompiles(Sources.Compile(Program(rule, (await ExampleAsync(rule)).Code)));

    // What the pages leave out: the keys that they use, and the helper of one of them.
    private static string Program(string rule, string code) =>
        Prelude + (rule is "BTN002" or "BTN202" or "BTN204" ? "using static Keys;\n" : "") + code
        + (rule is "BTN203" ? "\nstatic int Total(Context ctx, int sum) => sum - ctx.Value(Keys.Attempt);\n" : "")
        + Printed;

    private static async Task<(string Code, string Output)> ExampleAsync(string rule)
    {
        var page = await File.ReadAllTextAsync(
            Repository.PathTo("docs", "rules", rule + ".md"), TestContext.Current.CancellationToken);
        var example = Example().Match(page[page.IndexOf("\n## Why it hurts\n", StringComparison.Ordinal)..]);
        Assert.True(example.Success);
        return (example.Groups["code"].Value, example.Groups["output"].Value);
    }

    private static async Task<string> RunAsync(string source)
    {
        var compilation = Sources.Compile(source).WithAssemblyName("Example" + Guid.NewGuid().ToString("N"));
        using var made = new MemoryStream();
        var emitted = compilation.Emit(made, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        made.Position = 0;
        var assembly = AssemblyLoadContext.Default.LoadFromStream(made);
        var lines = (List<string>)assembly.GetType("Printed")!.GetField("Lines")!.GetValue(null)!;
        try
        {
            var entry = assembly.GetType("Program")!.GetMethod(
                "<Main>$", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
            await (entry.Invoke(null, [Array.Empty<string>()]) as Task ?? Task.CompletedTask);
        }
        catch (Exception e)
        {
            var thrown = e is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e;
            lines.Add($"Unhandled exception. {thrown.GetType()}: {thrown.Message}");
        }

        return string.Join('\n', lines);
    }

    private static string Masked(string output, bool numbersDiffer) =>
        numbersDiffer ? Number().Replace(output.Trim(), "#") : output.Trim();

    [GeneratedRegex("```csharp\n(?<code>.*?)```\n\n```\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\d[\d.:,]*")]
    private static partial Regex Number();
}
