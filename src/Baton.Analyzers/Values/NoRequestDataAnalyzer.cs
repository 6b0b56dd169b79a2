using Baton.Analyzers.Internal;
using Baton.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

/// <summary>BTN202: <c>WithValue</c> with a service, options, a delegate or a mutable collection.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NoRequestDataAnalyzer() : ContextAnalyzer(Descriptors.NoRequestData)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        var kinds = new ValueKinds(known);
        context.RegisterOperationAction(
            operation => Analyze(operation, known, kinds), OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context, KnownSymbols known, ValueKinds kinds)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name != "WithValue" || !known.IsContextMethod(call.TargetMethod)
            || call.Arguments.FirstOrDefault(one => one.Parameter?.Name == "value") is not { } argument)
        {
            return;
        }

        // What is given may tell more than what the key was declared for.
        var given = Derivations.WithoutConversions(argument.Value);
        var type = given.Type ?? argument.Value.Type;
        var declared = call.TargetMethod.TypeArguments.FirstOrDefault();
        if ((kinds.Fault(declared) ?? kinds.FaultBehind(declared, type)) is { } fault && !kinds.IsMarked(type)
            && !kinds.IsMarked(declared))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.NoRequestData, Derivations.Name(call).GetLocation(),
                (type ?? declared)!.ToMinimalDisplayString(call.SemanticModel!, call.Syntax.SpanStart),
                fault.Is, fault.Way));
        }
    }
}
