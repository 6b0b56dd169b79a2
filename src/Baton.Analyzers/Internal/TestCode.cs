using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Internal;

/// <summary>
/// What is test code: a project that references a test framework, or a class with tests in it.
/// </summary>
internal static class TestCode
{
    private static readonly ImmutableHashSet<string> s_frameworks = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "xunit.core", "xunit.v3.core", "nunit.framework", "TUnit.Core", "MSTest.TestFramework",
        "Microsoft.VisualStudio.TestPlatform.TestFramework");

    private static readonly ImmutableHashSet<string> s_helpers = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Microsoft.AspNetCore.TestHost", "Microsoft.AspNetCore.Mvc.Testing", "BenchmarkDotNet", "Shouldly", "Moq",
        "NSubstitute", "FluentAssertions");

    private static readonly ImmutableHashSet<string> s_attributes = ImmutableHashSet.Create(
        "FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestCaseSourceAttribute",
        "TestFixtureAttribute", "TestMethodAttribute", "DataTestMethodAttribute", "TestClassAttribute",
        "SetUpAttribute", "OneTimeSetUpAttribute", "TestInitializeAttribute", "ClassInitializeAttribute");

    internal static bool IsTestProject(Compilation compilation) =>
        compilation.ReferencedAssemblyNames.Any(assembly => s_frameworks.Contains(assembly.Name));

    /// <summary>Whether the project makes servers for tests or benchmarks, by what it references or by its name.</summary>
    internal static bool MakesTestServers(Compilation compilation) =>
        compilation.ReferencedAssemblyNames.Any(static assembly => s_helpers.Contains(assembly.Name))
        || (compilation.AssemblyName ?? "").Split('.').Any(static part =>
            part is "Test" or "Testing" or "Benchmark" || part.EndsWith("Tests", StringComparison.Ordinal)
            || part.EndsWith("Benchmarks", StringComparison.Ordinal));

    /// <summary>Whether the symbol stands in a test project or in a class with tests.</summary>
    internal static bool Contains(ISymbol? symbol, KnownSymbols known)
    {
        if (known.IsTestProject)
        {
            return true;
        }

        for (var type = symbol as INamedTypeSymbol
            ?? symbol?.ContainingType; type is not null; type = type.ContainingType)
        {
            if (IsTestClass(type))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTestClass(INamedTypeSymbol type) =>
        HasTestAttribute(type)
            || type.GetMembers().Any(member => member is IMethodSymbol && HasTestAttribute(member));

    private static bool HasTestAttribute(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            for (var type = attribute.AttributeClass; type is not null; type = type.BaseType)
            {
                if (s_attributes.Contains(type.Name))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
