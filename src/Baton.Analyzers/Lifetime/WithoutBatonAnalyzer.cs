using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>BTN006: a handler takes a context in an application that has not added Baton.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class WithoutBatonAnalyzer() : ContextAnalyzer(Descriptors.WithoutBaton)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        if (known.HttpContext is null || !IsApplication(context.Compilation) || known.IsTestProject || known.IsTestServer
            || IsAddedElsewhere(context.Compilation))
        {
            return;
        }

        // Read once, when the first handler with a context is found.
        var isAdded = new Lazy<bool>(() => context.Compilation.SyntaxTrees.Any(tree =>
            Adds(tree.GetRoot(context.CancellationToken))));
        context.RegisterSymbolAction(
            symbol => Check((IMethodSymbol)symbol.Symbol, known, isAdded, symbol.ReportDiagnostic), SymbolKind.Method);
        context.RegisterOperationAction(
            operation => CheckMapped((IInvocationOperation)operation.Operation, known, isAdded, operation.ReportDiagnostic),
            OperationKind.Invocation);
    }

    private static bool IsApplication(Compilation compilation) => compilation.Options.OutputKind
        is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;

    // A project of the same solution may have a method that does it, such as `AddServiceDefaults()`.
    private static bool IsAddedElsewhere(Compilation compilation) =>
        compilation.SourceModule.ReferencedAssemblySymbols.Any(static assembly =>
            !assembly.Name.StartsWith("Baton", StringComparison.Ordinal)
            && assembly.Modules.Any(static module => module.ReferencedAssemblies.Any(static one =>
                one.Name is "Baton.AspNetCore" or "Baton.Grpc" or "Baton.Grpc.AspNetCore")));

    private static bool Adds(SyntaxNode root) => root.DescendantNodes().Any(static node =>
        node is IdentifierNameSyntax { Identifier.ValueText: "AddBaton" or "UseBaton" });

    private static void Check(IMethodSymbol method, KnownSymbols known, Lazy<bool> isAdded, Action<Diagnostic> report)
    {
        if (known.Requests.IsEntry(method))
        {
            Report(method, known, isAdded, report);
        }
    }

    // A lambda, or a method by its name, that is given to MapGet and the like.
    private static void CheckMapped(
        IInvocationOperation call, KnownSymbols known, Lazy<bool> isAdded, Action<Diagnostic> report)
    {
        if (!RequestContext.IsMap(call.TargetMethod))
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            var handler = Derivations.WithoutConversions(argument.Value);
            handler = handler is IDelegateCreationOperation made ? made.Target : handler;
            var method = handler switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                IMethodReferenceOperation reference => reference.Method.OriginalDefinition,
                _ => null,
            };
            if (method is not null)
            {
                Report(method, known, isAdded, report);
            }
        }
    }

    private static void Report(IMethodSymbol method, KnownSymbols known, Lazy<bool> isAdded, Action<Diagnostic> report)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type.IsSame(known.Context) && !isAdded.Value
                && parameter.Locations.FirstOrDefault(static one => one.IsInSource) is { } place)
            {
                report(Diagnostic.Create(Descriptors.WithoutBaton, place, parameter.Name));
            }
        }
    }
}
