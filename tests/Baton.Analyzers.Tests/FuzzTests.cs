using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Tests;

/// <summary>
/// Runs all rules and all fixes over broken code: sources with tokens, statements, members and expressions
/// dropped, doubled and swapped. An exception in a rule or a fix fails the test, which names the seed, and so
/// does a fix that breaks a source which compiled. BATON_FUZZ_SOURCES=10000 runs as many from a new seed;
/// with BATON_FUZZ_SEED=16 and BATON_FUZZ_FIRST=5625 it runs them from that one on.
/// </summary>
public class FuzzTests
{
    private const int EveryTime = 150;

    [Fact]
    public async Task No_rule_and_no_fix_throws_on_broken_code()
    {
        var asked = Number("BATON_FUZZ_SOURCES");
        var count = asked ?? EveryTime;
        var seed = Number("BATON_FUZZ_SEED") ?? (asked is null ? 7 : Environment.TickCount);
        var first = Number("BATON_FUZZ_FIRST") ?? 0;
        var samples = Samples();
        var thrown = new List<string>();
        var found = new Counts();

        await Parallel.ForAsync(
            first, first + count, TestContext.Current.CancellationToken, async (number, cancellationToken) =>
        {
            var random = new Random(unchecked((seed * 397) ^ number));
            var source = Mutate(samples[random.Next(samples.Count)], random);
            try
            {
                await RunAsync(source, found);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                lock (thrown)
                {
                    thrown.Add($"seed {seed}, source {number}: {e}\n{source}");
                }
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}: {count} sources, {found.Compiled} of them compile; {found.Reports} reports, {found.Fixes} fixes");
        Assert.True(thrown.Count == 0, string.Join("\n\n", thrown));
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value
            ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private static async Task RunAsync(string source, Counts found)
    {
        using var workspace = new AdhocWorkspace();
        var project = Sources.ProjectFor(rule: "BTN111", workspace, source);
        var compilation = await Sources.Compile(project);
        var compiles = Compiles(compilation);
        var reports = await Reports(compilation);
        Interlocked.Add(ref found.Compiled, compiles ? 1 : 0);
        Interlocked.Add(ref found.Reports, reports.Count);
        foreach (var ofRule in reports.GroupBy(report => report.Id))
        {
            foreach (var fixedProject in await VerifyFix.TryAllAsync(project, [.. ofRule]))
            {
                Interlocked.Increment(ref found.Fixes);
                if (compiles && !Compiles(await Sources.Compile(fixedProject)))
                {
                    var text = await fixedProject.Documents.Last().GetTextAsync(TestContext.Current.CancellationToken);
                    throw new InvalidOperationException($"The fix of {ofRule.Key} does not compile:\n{text}\n\nIt was made of:");
                }
            }
        }
    }

    private static bool Compiles(Compilation compilation) =>
        compilation.GetDiagnostics().All(one => one.Severity != DiagnosticSeverity.Error);

    private static async Task<List<Diagnostic>> Reports(Compilation compilation)
    {
        var failures = new List<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            (exception, analyzer, _) => failures.Add($"{analyzer.GetType().Name}: {exception}"),
            concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var reports = await compilation.WithAnalyzers(AllRules.Analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Empty(failures);
        return [.. reports.Where(report => report.Id.StartsWith("BTN", StringComparison.Ordinal))];
    }

    private static string Mutate(string source, Random random)
    {
        for (var i = random.Next(1, random.Next(2, 7)); i > 0; i--)
        {
            source = random.Next(3) == 0 ? MutateTokens(source, random) : MutateNodes(source, random);
        }

        return source;
    }

    private static string MutateTokens(string source, Random random)
    {
        var tokens = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens()
            .Select(token => token.ToFullString()).ToList();
        if (tokens.Count > 2)
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

    // Nodes of one kind, so that much of what comes of it still compiles.
    private static string MutateNodes(string source, Random random)
    {
        var nodes = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes()
            .Where(node => node is StatementSyntax or MemberDeclarationSyntax or ExpressionSyntax
                or ArgumentSyntax or ParameterSyntax or TypeSyntax or CatchClauseSyntax).ToList();
        if (nodes.Count == 0)
        {
            return source;
        }

        var node = nodes[random.Next(nodes.Count)];
        var others = nodes.Where(other => other.RawKind == node.RawKind && !other.Span.IntersectsWith(node.Span)).ToList();
        var text = node.ToFullString();
        if (random.Next(3) is var what && (what < 2 || others.Count == 0))
        {
            return source.Remove(node.FullSpan.Start, node.FullSpan.Length)
                .Insert(node.FullSpan.Start, what == 0 ? "" : text + text);
        }

        var second = others[random.Next(others.Count)];
        var (first, last) = node.SpanStart < second.SpanStart ? (node, second) : (second, node);
        return source[..first.SpanStart] + last + source[first.Span.End..last.SpanStart] + first + source[last.Span.End..];
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

    private sealed class Counts
    {
        internal int Compiled;
        internal int Reports;
        internal int Fixes;
    }
}
