using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Tests;

/// <summary>Projects made of sources, compiled as C# 14 against <see cref="References"/>.</summary>
internal static class Sources
{
    private const string Usings = """
        global using System;
        global using System.Collections.Concurrent;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Channels;
        global using System.Threading.Tasks;
        global using Baton;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Mvc;
        global using Microsoft.AspNetCore.SignalR;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Microsoft.Extensions.Options;
        """;

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilationOptions s_library = new(
        OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable,
        allowUnsafe: true);

    private static readonly CSharpCompilationOptions s_program =
        s_library.WithOutputKind(OutputKind.ConsoleApplication);

    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Tested", [CSharpSyntaxTree.ParseText(Usings, s_parsing, path: "Usings.cs")], References.All,
        s_library);

    /// <summary>
    /// A project with one document for each source. One with top-level statements becomes a program.
    /// </summary>
    internal static Project Project(AdhocWorkspace workspace, params string[] sources) =>
        ProjectFor(rule: null, workspace, sources);

    /// <summary>The same, with the rule switched on if it is off by default.</summary>
    internal static Project ProjectFor(string? rule, AdhocWorkspace workspace, params string[] sources)
    {
        var info = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Tested", "Tested", LanguageNames.CSharp,
            compilationOptions: Options(rule, sources), parseOptions: s_parsing,
            metadataReferences: References.All);
        var project = workspace.AddProject(info).AddDocument("Usings.cs", Usings).Project;
        for (var i = 0; i < sources.Length; i++)
        {
            project = project.AddDocument($"Test{i}.cs", sources[i]).Project;
        }

        return project;
    }

    /// <summary>The same for one source and no fix: what is referenced is read once for all.</summary>
    internal static Compilation Compile(string source, string? rule = null) => s_empty
        .WithOptions(Options(rule, source))
        .AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, s_parsing, path: "Test0.cs"));

    internal static async Task<Compilation> Compile(Project project) =>
        (await project.GetCompilationAsync(TestContext.Current.CancellationToken))!;

    /// <summary>What all rules report together, in the order of the places.</summary>
    internal static async Task<ImmutableArray<Diagnostic>> Reports(Compilation compilation)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        var reports = await compilation.WithAnalyzers(AllRules.Analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. reports.OrderBy(one => one.Location.SourceTree?.FilePath)
            .ThenBy(one => one.Location.SourceSpan.Start)];
    }

    private static CSharpCompilationOptions Options(string? rule, params string[] sources)
    {
        var options = sources.Any(IsProgram) ? s_program : s_library;
        return AllRules.Descriptors.Any(one => one.Id == rule && !one.IsEnabledByDefault)
            ? options.WithSpecificDiagnosticOptions([new(rule!, ReportDiagnostic.Warn)])
            : options;
    }

    private static bool IsProgram(string source) => CSharpSyntaxTree.ParseText(source, s_parsing)
        .GetRoot().ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement));
}
