using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Tests;

/// <summary>
/// Runs all rules over broken code: sources with tokens dropped, doubled and swapped. An exception in a rule
/// fails the test, which names the seed. BATON_FUZZ_SOURCES=10000 runs as many from a new seed.
/// </summary>
public class FuzzTests
{
    private const int EveryTime = 150;

    [Fact]
    public async Task No_rule_throws_on_broken_code()
    {
        var asked = Environment.GetEnvironmentVariable("BATON_FUZZ_SOURCES");
        var count = asked is null
            ? EveryTime : int.Parse(asked, System.Globalization.CultureInfo.InvariantCulture);
        var seed = asked is null ? 7 : Environment.TickCount;
        var samples = Samples();
        var thrown = new List<string>();

        await Parallel.ForAsync(
            0, count, TestContext.Current.CancellationToken, async (number, cancellationToken) =>
        {
            var random = new Random(unchecked((seed * 397) ^ number));
            var source = Mutate(samples[random.Next(samples.Count)], random);
            var broken = Sources.Compile(source);
            var options = new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                (exception, analyzer, _) =>
                {
                    lock (thrown)
                    {
                        var name = analyzer.GetType().Name;
                        thrown.Add($"seed {seed}, source {number}: {name}: {exception}\n{source}");
                    }
                },
                concurrentAnalysis: false, logAnalyzerExecutionTime: false);
            await broken.WithAnalyzers(AllRules.Analyzers, options)
                .GetAnalyzerDiagnosticsAsync(cancellationToken);
        });

        Assert.Empty(thrown);
    }

    private static string Mutate(string source, Random random)
    {
        var tokens = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens()
            .Select(token => token.ToFullString()).ToList();
        for (var i = random.Next(1, 6); i > 0 && tokens.Count > 2; i--)
        {
            var at = random.Next(tokens.Count - 1);
            switch (random.Next(4))
            {
                case 0: tokens.RemoveAt(at); break;
                case 1: tokens.Insert(at, tokens[at]); break;
                case 2: (tokens[at], tokens[at + 1]) = (tokens[at + 1], tokens[at]); break;
                default:
                    var other = random.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
            }
        }

        return string.Concat(tokens);
    }

    // The sources of the tests themselves: they have what the rules look for. And the tests as such, for the
    // rest of C#.
    private static List<string> Samples()
    {
        var samples = new List<string>();
        foreach (var file in Directory.GetFiles(
            Repository.PathTo("tests", "Baton.Analyzers.Tests"), "*Tests.cs", SearchOption.AllDirectories))
        {
            var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
            samples.AddRange(root.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken))
                .Select(token => Markup.Parse(token.ValueText, "none").Source));
            samples.AddRange(root.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.StringLiteralToken)
                    && token.ValueText.Contains("ctx", StringComparison.Ordinal))
                .Select(token => Markup.Parse(token.ValueText, "none").Source)
                .Select(body => $"static class Tested {{ static ContextKey<int> s_key = new(\"key\"); static async Task M(Context ctx, bool flag, int number, int[] numbers) {{ {body} }} }}"));
        }

        return samples;
    }
}
