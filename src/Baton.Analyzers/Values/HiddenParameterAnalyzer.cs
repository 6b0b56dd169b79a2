using System.Collections.Concurrent;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

/// <summary>BTN203: a value that one method sets for a helper of the same type that only it calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class HiddenParameterAnalyzer() : ContextAnalyzer(Descriptors.HiddenParameter)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        // Nested types, and extension blocks, are types of their own to the compiler: the outermost one sums
        // up, as it ends last.
        var seen = new ConcurrentDictionary<ISymbol, Seen>(SymbolEqualityComparer.Default);
        context.RegisterSymbolStartAction(
            start =>
            {
                var outermost = Outermost((INamedTypeSymbol)start.Symbol);
                if (outermost.TypeKind is TypeKind.Class or TypeKind.Struct)
                {
                    Watch(start, outermost, seen, known);
                }
            },
            SymbolKind.NamedType);
    }

    private static void Watch(
        SymbolStartAnalysisContext context, INamedTypeSymbol outermost,
        ConcurrentDictionary<ISymbol, Seen> all, KnownSymbols known)
    {
        var seen = all.GetOrAdd(outermost, _ => new Seen());
        context.RegisterOperationAction(
            operation =>
            {
                if (KeyUse.Of(operation.Operation, operation.ContainingSymbol, known) is { } use)
                {
                    seen.Uses.Enqueue(use);
                }
            },
            OperationKind.FieldReference, OperationKind.PropertyReference);
        context.RegisterOperationAction(
            operation =>
            {
                // Who is handed the method as a delegate may call it from anywhere.
                var call = operation.Operation as IInvocationOperation;
                var method = call?.TargetMethod ?? ((IMethodReferenceOperation)operation.Operation).Method;
                if (method.MethodKind is MethodKind.LocalFunction
                    || Outermost(method.ContainingType).IsSame(outermost))
                {
                    var caller = call is null ? null : KeyUse.FunctionOf(call, operation.ContainingSymbol);
                    seen.Calls.Enqueue((method.OriginalDefinition, caller));
                }
            },
            OperationKind.Invocation, OperationKind.MethodReference);
        if (context.Symbol.IsSame(outermost))
        {
            context.RegisterSymbolEndAction(end =>
            {
                if (all.TryRemove(outermost, out var found) && !found.Uses.IsEmpty)
                {
                    Report(end, outermost, [.. found.Uses], [.. found.Calls]);
                }
            });
        }
    }

    private static void Report(
        SymbolAnalysisContext context, INamedTypeSymbol type, List<KeyUse> uses,
        List<(IMethodSymbol Callee, ISymbol? Caller)> calls)
    {
        var members = uses.Select(use => use.Key).Concat(calls.Select(call => call.Callee));
        var outside = new NamesOutside(members, type, context.Compilation, context.CancellationToken);
        var helpers = new Helpers(calls, context.Compilation, outside);
        foreach (var key in uses.GroupBy(use => use.Key, SymbolEqualityComparer.Default))
        {
            var sets = key.Where(use => use.Kind == KeyUseKind.Set).OrderBy(use => use.Place.SpanStart)
                .ToList();
            var reads = key.Where(use => use.Kind == KeyUseKind.Read).OrderBy(use => use.Place.SpanStart)
                .ToList();
            if (sets.Count == 0 || reads.Count == 0 || key.Any(use => use.Kind == KeyUseKind.Other)
                || sets[0].Function is not IMethodSymbol setter
                || sets.Any(set => !set.Function.IsSame(setter)) || !SameType(key, setter)
                || reads.FirstOrDefault(read => !read.Function.IsSame(setter)) is not { } read
                || !reads.All(one => helpers.BelongsTo(one.Function, setter))
                || Visibility.IsPublic(key.Key!, context.Compilation) || outside.Contain(key.Key!))
            {
                continue;
            }

            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.HiddenParameter, sets[0].Place.GetLocation(), key.Key!.Name,
                read.Function!.Name));
        }
    }

    private static bool SameType(IEnumerable<KeyUse> uses, IMethodSymbol setter) =>
        TypeOf(setter) is { } type && uses.All(use => TypeOf(use.Function).IsSame(type));

    // A member of an extension block is one of the class around it.
    private static INamedTypeSymbol? TypeOf(ISymbol? function) =>
        function?.ContainingType is { IsExtension: true } block
            ? block.ContainingType : function?.ContainingType;

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        while (type.ContainingType is { } outer)
        {
            type = outer;
        }

        return type.OriginalDefinition;
    }

    /// <summary>What the members of one outermost type do with keys, and call.</summary>
    private sealed class Seen
    {
        internal ConcurrentQueue<KeyUse> Uses { get; } = new();

        internal ConcurrentQueue<(IMethodSymbol Callee, ISymbol? Caller)> Calls { get; } = new();
    }
}
