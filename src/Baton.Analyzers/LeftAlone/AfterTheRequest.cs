using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Code that runs when the handler of a request has ended or failed: its context may have ended with it, and what
/// is left to do would be canceled.
/// </summary>
internal static class AfterTheRequest
{
    private static readonly string[] s_delegates =
    [
        "RequestDelegate", "EndpointFilterDelegate", "ActionExecutionDelegate", "ResourceExecutionDelegate",
        "ResultExecutionDelegate", "PageHandlerExecutionDelegate", "UnaryServerMethod", "ServerStreamingServerMethod",
        "ClientStreamingServerMethod", "DuplexStreamingServerMethod",
    ];

    private static readonly string[] s_handlers =
        ["IExceptionHandler", "IExceptionFilter", "IAsyncExceptionFilter", "IProblemDetailsWriter"];

    private static readonly string[] s_features =
        ["IExceptionHandlerFeature", "IExceptionHandlerPathFeature", "IStatusCodeReExecuteFeature"];

    /// <summary>Whether the rest of the pipeline has run before the place, in the same function.</summary>
    internal static bool FollowsNext(SyntaxNode place, SemanticModel model) =>
        Passed.Calls(place).Any(call => CouldBeNext(call) && IsNext(call, model));

    /// <summary>Whether the lambda runs at the end of the request, or handles its failure.</summary>
    internal static bool IsCallback(AnonymousFunctionExpressionSyntax lambda) => lambda.Parent switch
    {
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } =>
            PointOfNoReturn.NameOf(call.Expression) is "OnCompleted" or "OnStarting" or "UseExceptionHandler"
                or "UseStatusCodePages" or "OnRejected",
        AssignmentExpressionSyntax { Left: var left } =>
            left is IdentifierNameSyntax { Identifier.ValueText: "ExceptionHandler" }
                or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ExceptionHandler" },
        _ => false,
    };

    /// <summary>Whether the method handles a failure, or is called when the action or its result is over.</summary>
    internal static bool IsHandler(SyntaxNode function, SemanticModel model) =>
        function is MethodDeclarationSyntax method
        && (method.Identifier.ValueText is "OnResultExecuted" or "OnActionExecuted" or "OnResourceExecuted"
            || (model.GetDeclaredSymbol(method)?.ContainingType is { } type
                && type.AllInterfaces.Any(static one => s_handlers.Contains(one.Name))));

    /// <summary>Whether the function was given an exception, or asks for the one that was thrown.</summary>
    internal static bool IsGivenFailure(SyntaxNode function, SemanticModel model) =>
        Parameters(function).Any(parameter => model.GetDeclaredSymbol(parameter) is IParameterSymbol { Type: var type }
            && IsException(type))
        || function.DescendantNodes().Any(static node =>
            node is IdentifierNameSyntax name && s_features.Contains(name.Identifier.ValueText));

    private static SeparatedSyntaxList<ParameterSyntax> Parameters(SyntaxNode function) => function switch
    {
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters,
        LocalFunctionStatementSyntax local => local.ParameterList.Parameters,
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters,
        _ => default,
    };

    private static bool IsException(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }

    private static bool CouldBeNext(InvocationExpressionSyntax call) =>
        call.Expression is IdentifierNameSyntax || PointOfNoReturn.NameOf(call.Expression) is { } name
            && (name is "Invoke" or "InvokeAsync" || IsNamedNext(name));

    private static bool IsNamedNext(string name) => name.TrimStart('_') is "next" or "Next" or "continuation";

    private static bool IsNext(InvocationExpressionSyntax call, SemanticModel model)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        if (method.MethodKind is MethodKind.DelegateInvoke)
        {
            return s_delegates.Contains(method.ContainingType.Name)
                || (method.ContainingType is { Name: "Func", TypeArguments: { Length: 1 } result }
                    && result[0].Name is "Task"
                    && PointOfNoReturn.NameOf(call.Expression) is { } name && IsNamedNext(name));
        }

        // `_next.Invoke(http)` of a middleware that is handed on as an object.
        return method.Name is "Invoke" or "InvokeAsync"
            && call.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
            && receiver is ExpressionSyntax next && PointOfNoReturn.NameOf(next) is { } named && IsNamedNext(named);
    }
}
