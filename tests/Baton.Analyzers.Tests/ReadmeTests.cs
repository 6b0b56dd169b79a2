using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.Analyzers.Tests;

/// <summary>
/// The table of README.md that shows, for each rule of use, what the compiler says to whoever breaks it.
/// </summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string, string, string> Rows => [.. Repository.Lines("README.md")
        .Select(static line => Row().Match(line))
        .Where(static row => row.Success)
        .Select(static row =>
            (row.Groups["code"].Value, row.Groups["rule"].Value, row.Groups["message"].Value))];

    [Fact]
    public void Each_of_the_four_rules_of_use_shows_its_warning() => Assert.Equal(4, Rows.Count);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task The_compiler_says_what_the_readme_shows(string code, string rule, string message)
    {
        var isMember = code.StartsWith("private", StringComparison.Ordinal);
        var compilation = Sources.Compile($$"""
            internal sealed class Orders
            {
                private static readonly ContextKey<ILogger> Logger = new("logger");
                {{(isMember ? code : "")}}

                internal static async Task HandleAsync(Context ctx, Stream stock, ILogger logger)
                {
                    {{(isMember ? "" : code)}}
                    await StepAsync();
                }

                private static Task StepAsync() => Task.CompletedTask;
            }
            """);

        var report = Assert.Single(await Sources.Reports(compilation));

        Assert.Equal(rule, report.Id);
        Assert.Equal(message, report.GetMessage(CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\| [^|]+ \| `(?<code>[^`]+)` \| (?<rule>BTN\d{3}): (?<message>[^|]+) \|$")]
    private static partial Regex Row();
}
