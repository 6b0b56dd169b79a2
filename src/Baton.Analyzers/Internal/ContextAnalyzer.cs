using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Internal;

/// <summary>
/// What every rule has in common: concurrent, silent on generated code, and asleep without Baton.
/// </summary>
internal abstract class ContextAnalyzer(params DiagnosticDescriptor[] rules) : DiagnosticAnalyzer
{
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. rules];

    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownSymbols.Of(start.Compilation) is { } known)
            {
                Register(start, known);
            }
        });
    }

    /// <summary>
    /// Registers the rule's actions. Resolve here the types that only this rule asks about.
    /// </summary>
    private protected abstract void Register(CompilationStartAnalysisContext context, KnownSymbols known);
}
