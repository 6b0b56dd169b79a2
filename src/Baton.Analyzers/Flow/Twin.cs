using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>
/// The method that does what a called one does, and takes the context first instead of a token.
/// </summary>
/// <param name="Method">The twin.</param>
/// <param name="Context">The context that the call converts to a token.</param>
internal readonly record struct Twin(IMethodSymbol Method, IOperation Context)
{
    internal static Twin? Of(IArgumentOperation argument, KnownSymbols known)
    {
        if (argument is not
            {
                ArgumentKind: ArgumentKind.Explicit,
                Parameter: { } parameter,
                Parent: IInvocationOperation call,
                SemanticModel: { } model,
            }
            || !known.IsToken(parameter.Type) || ContextOf(argument.Value, known) is not { } context
            || MissingContext.IsOurs(call.TargetMethod, known) || call.IsInExpressionTree()
            || Overloads.Twin(call, parameter, model, known) is not { } twin
            || MissingContext.IsInside(call.Syntax, twin, model))
        {
            return null;
        }

        return new(twin, context);
    }

    // `ctx`, which converts to its token, or `ctx.Done`.
    private static IOperation? ContextOf(IOperation value, KnownSymbols known) => value switch
    {
        IConversionOperation conversion => known.IsContext(conversion.Operand.Type)
            ? conversion.Operand : ContextOf(conversion.Operand, known),
        IPropertyReferenceOperation { Property.Name: "Done", Instance: { } owner } when known.IsContext(owner.Type) => owner,
        _ => null,
    };
}
