using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Finds where a value, or a lambda that captured it, leaves the method for work that may go on after it.
/// </summary>
internal sealed class Escapes(KnownSymbols known, Background background)
{
    /// <summary>Who takes it, in words, and the code that one mistake covers; null if it stays.</summary>
    internal (string Words, IOperation Scope)? Of(IOperation reference)
    {
        if (IsHarmless(reference))
        {
            return null;
        }

        if (reference is IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } own
            && IsForgotten(own))
        {
            return (Unwaited(own), own);
        }

        // Whether the value itself has come this far: not if it was only asked, or given to a call that has
        // returned.
        var flows = true;
        for (var at = reference; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case IArgumentOperation argument
                    when flows && !IsForTheCall(reference, argument) && background.Of(argument) is { } words:
                    return (words, argument);
                case IArgumentOperation { Parent: IInvocationOperation call } argument
                    when flows && !IsStartToken(argument) && IsForgotten(call):
                    return (Unwaited(call), call);
                case IEventAssignmentOperation { Adds: true } assignment
                    when flows && !IsUnsubscribed(assignment):
                    return ("the event's handler", assignment);
                case IInvocationOperation call
                    when flows && call.Instance == at && IsOwnWait(call) && IsForgotten(call):
                    return (Unwaited(call), call);
                case IInvocationOperation call:
                    flows = flows && known.IsContext(call.Type);
                    break;
                case IMemberReferenceOperation or IAwaitOperation or IExpressionStatementOperation
                    or IReturnOperation:
                    flows = flows && parent is IPropertyReferenceOperation { Property.Name: "Done" };
                    break;
                case IAnonymousFunctionOperation or ILocalFunctionOperation when IsOwn(parent, reference):
                    return null;
                case IAnonymousFunctionOperation:
                    flows = true;
                    break;
            }
        }

        return null;
    }

    /// <summary>
    /// The same for a call of a method of the own type whose task is dropped: the method may ask for the request.
    /// </summary>
    internal (string Words, IOperation Scope)? OfHelper(IInvocationOperation call) =>
        call is { Instance: IInstanceReferenceOperation, TargetMethod.MethodKind: MethodKind.Ordinary }
        && IsForgotten(call) ? (Unwaited(call), call) : null;

    /// <summary>Whether it is detached, or only a value is taken out of it.</summary>
    internal static bool IsHarmless(IOperation reference)
    {
        for (var at = reference.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case IInvocationOperation asked
                    when asked.TargetMethod.Name is "WithoutCancel" or "Value" or "TryGetValue" or "ToString":
                case IPropertyReferenceOperation read
                    when read.Property.Name is "Deadline" or "Remaining" or "TimeProvider":
                case INameOfOperation:
                    return true;
                case IInvocationOperation call
                    when call.TargetMethod.Name.StartsWith("With", StringComparison.Ordinal):
                case IConversionOperation or IArgumentOperation:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the function gets it as a parameter, or makes it itself: then it captures nothing.
    /// </summary>
    internal static bool IsOwn(IOperation function, IOperation reference)
    {
        var symbol = function switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            _ => null,
        };
        return reference switch
        {
            IParameterReferenceOperation parameter => parameter.Parameter.ContainingSymbol.IsSame(symbol),
            ILocalReferenceOperation local => local.Local.ContainingSymbol.IsSame(symbol),
            _ => false,
        };
    }

    // writer.WriteAsync(item, ctx), queue.EnqueueAsync(ctx, item): it is the call's own context, and not what
    // is put there.
    private bool IsForTheCall(IOperation reference, IArgumentOperation argument) =>
        (known.IsToken(argument.Parameter?.Type)
            || known.IsContext(argument.Parameter?.OriginalDefinition.Type))
        && Derivations.FunctionOf(reference) == Derivations.FunctionOf(argument);

    // Task.Run(work, ctx): that token keeps the work from starting, and is none of its own.
    private bool IsStartToken(IArgumentOperation argument) => known.IsToken(argument.Parameter?.Type)
        && argument.Parameter?.ContainingType is { Name: "Task" or "TaskFactory" };

    // ctx.Delay(…), ctx.WaitAsync(task)
    private bool IsOwnWait(IInvocationOperation call) =>
        known.IsContextMethod(call.TargetMethod) && known.IsTask(call.Type);

    private bool IsForgotten(IInvocationOperation call) => known.IsTask(call.Type)
        ? TaskFate.IsForgotten(call)
        : call.TargetMethod is { IsAsync: true, ReturnsVoid: true };

    private static string Unwaited(IInvocationOperation call) =>
        $"'{call.TargetMethod.Name}', which nothing awaits,";

    private static bool IsUnsubscribed(IEventAssignmentOperation assignment) =>
        assignment.EventReference is IEventReferenceOperation { Event: { } subscribed }
        && Derivations.RootOf(assignment).Descendants().Any(one =>
            one is IEventAssignmentOperation { Adds: false, EventReference: IEventReferenceOperation removed }
            && removed.Event.IsSame(subscribed));
}
