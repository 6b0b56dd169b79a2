using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>BTN004: the request's context in the hands of work that may go on after the request.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class OutlivesRequestAnalyzer() : ContextAnalyzer(Descriptors.OutlivesRequest)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        var request = new RequestContext(known, context.Compilation);
        var escapes = new Escapes(known, new Background(known));
        context.RegisterOperationAction(
            operation => AnalyzeReference(operation, known, request, escapes),
            OperationKind.ParameterReference, OperationKind.LocalReference, OperationKind.PropertyReference);
        context.RegisterOperationAction(
            operation => AnalyzeFunction(operation, request, escapes),
            OperationKind.MethodReference, OperationKind.Invocation);
    }

    private static void AnalyzeReference(
        OperationAnalysisContext context, KnownSymbols known, RequestContext request, Escapes escapes)
    {
        var reference = context.Operation;
        if (reference
            is ILocalReferenceOperation { IsDeclaration: false, Type.TypeKind: TypeKind.Delegate } local)
        {
            if (escapes.Of(reference) is { } taken)
            {
                Report(context, CapturedBy(InitialFunction(local), request), taken);
            }
        }
        else if (IsCandidate(reference, known) && escapes.Of(reference) is { } escape && request.Is(reference)
            && FirstIn(escape.Scope, request) == reference)
        {
            Report(context, reference, escape);
        }
    }

    // A local function takes along what it captures.
    private static void AnalyzeFunction(
        OperationAnalysisContext context, RequestContext request, Escapes escapes)
    {
        var method = context.Operation switch
        {
            IMethodReferenceOperation reference => reference.Method,
            IInvocationOperation call => call.TargetMethod,
            _ => null,
        };
        if (method is { MethodKind: MethodKind.LocalFunction, IsStatic: false }
            && escapes.Of(context.Operation) is { } escape && FirstIn(escape.Scope, request) is null)
        {
            var function = Derivations.RootOf(context.Operation).Descendants()
                .FirstOrDefault(one =>
                    one is ILocalFunctionOperation local && local.Symbol.IsSame(method.OriginalDefinition));
            Report(context, CapturedBy(function, request), escape);
        }
        else if (context.Operation is IInvocationOperation helped && escapes.OfHelper(helped) is { } dropped)
        {
            Report(context, DroppedHelper.UseIn(helped, request), dropped);
        }
    }

    private static bool IsCandidate(IOperation reference, KnownSymbols known) => reference switch
    {
        ILocalReferenceOperation { IsDeclaration: false } =>
            known.IsContext(reference.Type) || known.IsToken(reference.Type),
        IParameterReferenceOperation => known.IsContext(reference.Type),
        IPropertyReferenceOperation { Property.Name: "RequestContext" } => known.IsContext(reference.Type),
        _ => false,
    };

    // One mistake is reported once, at its first place.
    private static IOperation? FirstIn(IOperation scope, RequestContext request) => scope.Descendants()
        .Where(one => IsReference(one) && !Escapes.IsHarmless(one) && request.Is(one))
        .OrderBy(one => one.Syntax.SpanStart)
        .FirstOrDefault();

    // The context of the request that a function uses from outside itself.
    private static IOperation? CapturedBy(IOperation? function, RequestContext request) =>
        function?.Descendants()
        .FirstOrDefault(one =>
            IsReference(one) && !Escapes.IsHarmless(one) && !Escapes.IsOwn(function, one) && request.Is(one));

    private static bool IsReference(IOperation one) =>
        one is IParameterReferenceOperation or ILocalReferenceOperation
        or IPropertyReferenceOperation { Property.Name: "RequestContext" };

    private static IOperation? InitialFunction(ILocalReferenceOperation reference) =>
        Derivations.RootOf(reference).Descendants()
        .OfType<IVariableDeclaratorOperation>()
        .FirstOrDefault(one => one.Symbol.IsSame(reference.Local))?.Initializer?.Value.DescendantsAndSelf()
        .FirstOrDefault(one => one is IAnonymousFunctionOperation);

    private static void Report(
        OperationAnalysisContext context, IOperation? captured, (string Words, IOperation Scope) escape)
    {
        if (captured is not null)
        {
            var place = context.Operation is IInvocationOperation call
                ? Derivations.Name(call).GetLocation()
                : context.Operation.Syntax.GetLocation();
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.OutlivesRequest, place, captured.Syntax.ToString(), escape.Words));
        }
    }
}
