using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// BTN001: a derived context that some path to a return leaves unreleased, and a dropped registration.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NotReleasedAnalyzer() : ContextAnalyzer(Descriptors.NotReleased)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Analyze(operation, known), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, KnownSymbols known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.ReturnType.IsSame(known.ContextRegistration))
        {
            if (DroppedRegistration.Is(call, known))
            {
                Report(context, call, $"The registration of '{call.TargetMethod.Name}' is dropped",
                    "write 'using var registration = …', or stop it when it is no longer wanted");
            }
        }
        else if (Derivations.IsCreation(call, known) && Fault(context, call, known) is { } fault)
        {
            Report(context, call, fault.What, fault.Way);
        }
    }

    private static (string What, string Way)? Fault(
        OperationAnalysisContext context, IInvocationOperation call, KnownSymbols known)
    {
        if (Ownership.BoundByPattern(call) is { } bound)
        {
            return IsNeverReleased(call, bound, known)
                ? ($"'{bound.Name}' is never released", $"write 'using (…)' around what uses it, or dispose '{bound.Name}'")
                : null;
        }

        var fate = Ownership.Of(call, known, out var local);
        if (fate is Fate.Moved or Fate.Released || IsGrowth(call, known))
        {
            return null;
        }

        if (fate is not Fate.Kept || local is null)
        {
            var made = $"What '{call.TargetMethod.Name}' makes here";
            return fate is Fate.Used
                ? ($"{made} is used as a Context, which cannot be disposed",
                    "give it a name: 'using var child = …'")
                : ($"{made} is dropped", "write 'using var child = …'");
        }

        return End(context, call, local, known) switch
        {
            ReleasePaths.End.None => null,
            var end when end.HasFlag(ReleasePaths.End.Overwritten) =>
                ($"'{local.Name}' is given another value before it is released",
                    $"dispose it before, or write 'using var' for each"),
            _ => ($"'{local.Name}' is not released on every path", $"write 'using var {local.Name} = …'"),
        };
    }

    private static bool IsNeverReleased(IOperation call, ILocalSymbol local, KnownSymbols known) =>
        Derivations.RootOf(call).Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => reference.Local.IsSame(local))
            .All(reference => Use(reference, known) is Fate.Used or Fate.Dropped);

    private static ReleasePaths.End End(
        OperationAnalysisContext context, IInvocationOperation call, ILocalSymbol local, KnownSymbols known)
    {
        var function = Derivations.FunctionOf(call);
        var uses = new Dictionary<SyntaxNode, Fate>();
        foreach (var reference in Derivations.RootOf(call).Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!reference.Local.IsSame(local))
            {
                continue;
            }

            if (Derivations.FunctionOf(reference) != function)
            {
                return ReleasePaths.End.None;
            }

            uses[reference.Syntax] = reference.Parent
                is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }
                ? Fate.Moved
                : Use(reference, known);
        }

        return Graphs.Of(function, context.GetControlFlowGraph(), context.CancellationToken) is { } graph
            ? new ReleasePaths(graph, local, uses, new PathFacts(local, call.Syntax)).From(call.Syntax)
            : ReleasePaths.End.None;
    }

    private static Fate Use(ILocalReferenceOperation reference, KnownSymbols known) =>
        Ownership.Of(reference, known, out _) switch
        {
            Fate.Kept => Fate.Moved,
            Fate.Dropped => Fate.Used,
            Fate.Overwritten when IsGrowth(reference, known) => Fate.Moved,
            var fate => fate,
        };

    // That is the other rule's to report.
    private static bool IsGrowth(IOperation call, KnownSymbols known)
    {
        for (var at = call.Parent; at is not null and not IBlockOperation; at = at.Parent)
        {
            if (at is ISimpleAssignmentOperation assignment)
            {
                return Growth.Cause(assignment, known) is not null;
            }
        }

        return false;
    }

    private static void Report(
        OperationAnalysisContext context, IInvocationOperation call, string what, string way) =>
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.NotReleased, Derivations.Name(call).GetLocation(), what,
            Derivations.ParentText(call), way));
}
