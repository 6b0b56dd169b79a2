using System.Collections.Immutable;
using System.Reflection;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Tests;

/// <summary>The analyzers, fixes and descriptors, as the compiler finds them: by reflection.</summary>
internal static class AllRules
{
    internal static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [.. Make<DiagnosticAnalyzer>(typeof(Descriptors).Assembly)];

    internal static ImmutableArray<CodeFixProvider> Fixes { get; } =
        [.. Make<CodeFixProvider>(typeof(ContextCodeFix).Assembly)];

    internal static IReadOnlyList<DiagnosticDescriptor> Descriptors { get; } =
    [
        .. typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal),
    ];

    private static IEnumerable<T> Make<T>(Assembly assembly) => assembly.GetTypes()
        .Where(type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract)
        .Select(type => (T)Activator.CreateInstance(type, nonPublic: true)!);
}
