using System.Collections.Concurrent;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// BTN003: a context kept in a field, a property, or a primary constructor's parameter that became state.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StoredAnalyzer() : ContextAnalyzer(Descriptors.Stored)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        var holders = new Holders(known);
        // What was reported, and no more: it goes with the compilation.
        var reported = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(symbol => AnalyzeFields(symbol, known, holders), SymbolKind.NamedType);
        context.RegisterOperationAction(
            operation =>
            {
                var reference = (IParameterReferenceOperation)operation.Operation;
                if (IsState(reference, operation.ContainingSymbol, known, holders)
                    && reported.TryAdd(reference.Parameter, true))
                {
                    var parameter = reference.Parameter;
                    Report(operation.ReportDiagnostic, parameter, parameter.ContainingType);
                }
            },
            OperationKind.ParameterReference);
    }

    private static void AnalyzeFields(SymbolAnalysisContext context, KnownSymbols known, Holders holders)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!CanStore(type))
        {
            return;
        }

        bool? mayStore = null;
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol field && IsDeclared(field) && holders.Hold(field.Type)
                && !IsIteratorState(field, known) && !(mayStore ??= MayStore(type, known)))
            {
                Report(context.ReportDiagnostic, field.AssociatedSymbol ?? field, type);
            }
        }
    }

    private static bool CanStore(INamedTypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface && !type.IsRefLikeType;

    // By itself or with a property, not with an event or a primary constructor's parameter.
    private static bool IsDeclared(IFieldSymbol field) =>
        field.AssociatedSymbol is IPropertySymbol || !field.IsImplicitlyDeclared;

    // A primary constructor's parameter is state as soon as a member reads it; in an initialiser it is not.
    private static bool IsState(
        IParameterReferenceOperation reference, ISymbol member, KnownSymbols known, Holders holders) =>
        reference.Parameter is { ContainingSymbol: IMethodSymbol constructor } parameter
        && constructor.MethodKind is MethodKind.Constructor
        && constructor.ContainingType is { IsRecord: false } type && CanStore(type)
        && holders.Hold(parameter.Type) && constructor.IsPrimary() && !IsInitialization(reference, member)
        && !MayStore(type, known) && !IsIterator(type, known);

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

    private static bool MayStore(INamedTypeSymbol type, KnownSymbols known) =>
        type.IsImplicitlyDeclared || type.HasAttribute(known.ContextCarrier)
            || type.IsOrDerivesFrom(known.Context)
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
