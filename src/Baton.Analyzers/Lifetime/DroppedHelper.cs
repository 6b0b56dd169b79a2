using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>What a method of the same type does with the request, when no code waits for its task.</summary>
internal static class DroppedHelper
{
    private const int MaxDepth = 4;

    /// <summary>The first use of the request's context in the method, or in one that it calls; else null.</summary>
    internal static IOperation? UseIn(IInvocationOperation call, RequestContext request, int depth = 0)
    {
        if (depth > MaxDepth || call.SemanticModel is not { } model
            || call.TargetMethod.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
                is not MethodDeclarationSyntax method
            || method.SyntaxTree != model.SyntaxTree || model.GetOperation(method) is not { } body)
        {
            return null;
        }

        foreach (var operation in body.Descendants())
        {
            var use = operation switch
            {
                IPropertyReferenceOperation { Property.Name: "RequestContext" } =>
                    request.Is(operation) && !Escapes.IsHarmless(operation) ? operation : null,
                IInvocationOperation { Instance: IInstanceReferenceOperation } inner
                    when !inner.TargetMethod.IsSame(call.TargetMethod) => UseIn(inner, request, depth + 1),
                _ => null,
            };
            if (use is not null)
            {
                return use;
            }
        }

        return null;
    }
}
