using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>BTN003: a context kept in a field, a property, or a primary constructor's parameter that became state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StoredAnalyzer() : ContextAnalyzer(Descriptors.Stored)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        var holders = new Holders(known);
        context.RegisterSymbolStartAction(start => AnalyzeType(start, known, holders), SymbolKind.NamedType);
    }

    private static void AnalyzeType(SymbolStartAnalysisContext context, KnownSymbols known, Holders holders)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface) || type.IsRefLikeType)
        {
            return;
        }

        var fields = type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => IsDeclared(field) && holders.Hold(field.Type)).ToList();
        var captured = Captured(type, holders);
        if ((fields.Count == 0 && captured.Count == 0) || MayStore(type, known))
        {
            return;
        }

        if (!IsIterator(type, known))
        {
            foreach (var parameter in captured)
            {
                ReportIfCaptured(context, parameter);
            }
        }

        context.RegisterSymbolEndAction(end =>
        {
            foreach (var field in fields)
            {
                if (!IsIteratorState(field, known))
                {
                    Report(end.ReportDiagnostic, field.AssociatedSymbol ?? field, type);
                }
            }
        });
    }

    // By itself or with a property, not with an event or a primary constructor's parameter.
    private static bool IsDeclared(IFieldSymbol field) =>
        field.AssociatedSymbol is IPropertySymbol || !field.IsImplicitlyDeclared;

    // A primary constructor's parameter is state as soon as a member reads it; in an initialiser it is not.
    private static void ReportIfCaptured(SymbolStartAnalysisContext context, IParameterSymbol parameter)
    {
        var reported = 0;
        context.RegisterOperationAction(
            operation =>
            {
                var reference = (IParameterReferenceOperation)operation.Operation;
                if (reference.Parameter.IsSame(parameter) && operation.ContainingSymbol is { } member
                    && !IsInitialization(reference, member)
                    && System.Threading.Interlocked.Exchange(ref reported, 1) == 0)
                {
                    Report(operation.ReportDiagnostic, parameter, parameter.ContainingType);
                }
            },
            OperationKind.ParameterReference);
    }

    private static bool IsInitialization(IOperation reference, ISymbol member)
    {
        if (Derivations.RootOf(reference) is IFieldInitializerOperation or IPropertyInitializerOperation)
        {
            // Not in a lambda: that reads it later.
            return Derivations.FunctionOf(reference) is null;
        }

        return member is IMethodSymbol { MethodKind: MethodKind.Constructor } or INamedTypeSymbol
            && Derivations.FunctionOf(reference) is null;
    }

    private static List<IParameterSymbol> Captured(INamedTypeSymbol type, Holders holders) => type.IsRecord
        ? []
        : [.. type.InstanceConstructors
            .Where(one => one.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax))
            .SelectMany(one => one.Parameters)
            .Where(parameter => holders.Hold(parameter.Type))];

    private static bool MayStore(INamedTypeSymbol type, KnownSymbols known) =>
        type.IsImplicitlyDeclared || type.HasAttribute(known.ContextCarrier) || type.IsOrDerivesFrom(known.Context)
        || TestCode.Contains(type, known) || LifetimeOwner.Is(type, known);

    private static bool IsIteratorState(IFieldSymbol field, KnownSymbols known) =>
        field.AssociatedSymbol is null && field.DeclaredAccessibility == Accessibility.Private
        && IsIterator(field.ContainingType, known);

    private static bool IsIterator(INamedTypeSymbol type, KnownSymbols known) =>
        type.AllInterfaces.Any(one => one.OriginalDefinition.IsSame(known.Enumerator)
            || one.OriginalDefinition.IsSame(known.AsyncEnumerator));

    private static void Report(Action<Diagnostic> report, ISymbol stored, INamedTypeSymbol type)
    {
        if (stored.Locations.FirstOrDefault(one => one.IsInSource) is { } place)
        {
            report(Diagnostic.Create(Descriptors.Stored, place, stored.Name, type.Name));
        }
    }
}
