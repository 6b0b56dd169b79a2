using Baton.Analyzers.Internal;
using Baton.Analyzers.LeftAlone;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>Where it is right to start from nothing although a context is in scope.</summary>
internal sealed class FreshStarts(KnownSymbols known, IMethodSymbol? entryPoint)
{
    internal bool Allow(
        IOperation operation, ContextInScope scope, ISymbol containing, SemanticModel model,
            CancellationToken cancellationToken)
    {
        var place = operation.Syntax;
        return TestCode.Contains(containing, known)
            || IsInRoot(place, scope, model, cancellationToken)
            || IsInsteadOfNull(place, model)
            || IsCompared(operation)
            || IsForCallee(operation, scope, model)
            || IsDetached(place)
            || IsLifetimeOfItsOwn(operation)
            || IsMerged(operation)
            || IsEventHandler(place)
            || operation.IsInExpressionTree()
            || EndedCode.Contains(place, model, known)
            || new LeftAlonePlaces(scope, model, known).Contain(place, CalleeOf(operation));
    }

    // Main, what composes an application, and a hosted service: they make contexts for others.
    private bool IsInRoot(SyntaxNode place, ContextInScope scope, SemanticModel model,
        CancellationToken cancellationToken)
    {
        var owner = scope.Symbol.ContainingSymbol;
        if (owner is IMethodSymbol root
            && (root.IsSame(entryPoint) || root is { IsStatic: true, Name: "Main" }
            || IsHosted(root)))
        {
            return true;
        }

        for (var symbol = model.GetEnclosingSymbol(place.SpanStart, cancellationToken);
            symbol is IMethodSymbol method; symbol = symbol.ContainingSymbol)
        {
            var isOwner = method.IsSame(owner);
            if (method.Parameters.Any(parameter => Composes(parameter.Type, andResolves: !isOwner
                || scope.Symbol is ILocalSymbol)))
            {
                return true;
            }

            if (isOwner)
            {
                return false;
            }
        }

        return false;
    }

    private bool IsHosted(IMethodSymbol method) =>
        method.ContainingType.Implements(known.HostedService)
        && method.Name is "ExecuteAsync" or "StartAsync" or "StopAsync" or "StartingAsync" or "StartedAsync"
            or "StoppingAsync" or "StoppedAsync";

    private static bool Composes(ITypeSymbol type, bool andResolves) => type.Name
        is "IServiceCollection" or "IApplicationBuilder" or "IHostBuilder" or "IHostApplicationBuilder"
            or "IWebHostBuilder" or "WebApplicationBuilder" or "HostApplicationBuilder" or "WebApplication"
            or "IEndpointRouteBuilder"
        || (andResolves && type.Name is "IServiceProvider");

    // `ctx ?? Context.Background`, `ctx is null ? Context.Background : ctx`,
    // `if (ctx is null) { ctx = Context.Background; }`
    private bool IsInsteadOfNull(SyntaxNode place, SemanticModel model)
    {
        var isGiven = false;
        for (var at = place; at.Parent is ExpressionSyntax or ArgumentSyntax or ExpressionStatementSyntax
            or BlockSyntax or IfStatementSyntax or SwitchExpressionArmSyntax or ArgumentListSyntax
            or ReturnStatementSyntax or EqualsValueClauseSyntax or VariableDeclaratorSyntax
            or VariableDeclarationSyntax or LocalDeclarationStatementSyntax;
            at = at.Parent)
        {
            isGiven |= at is ArgumentSyntax;
            switch (at.Parent)
            {
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.CoalesceExpression)
                    && binary.Right == at
                    && (!isGiven || known.IsContext(model.GetTypeInfo(binary.Left).Type)):
                case AssignmentExpressionSyntax assignment
                    when assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression)
                    && (!isGiven || IsKept(assignment.Left, model)):
                case ConditionalExpressionSyntax choice when choice.Condition != at
                    && AsksForNull(choice.Condition, model):
                case IfStatementSyntax statement when statement.Condition != at
                    && AsksForNull(statement.Condition, model):
                case SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax value }
                    when known.IsContext(model.GetTypeInfo(value.GoverningExpression).Type):
                    return true;
            }
        }

        return false;
    }

    // `_made ??= Make(Context.Background)`: what is made is for later calls too.
    private static bool IsKept(ExpressionSyntax target, SemanticModel model) =>
        model.GetSymbolInfo(target).Symbol is IFieldSymbol or IPropertySymbol;

    private bool AsksForNull(ExpressionSyntax condition, SemanticModel model) =>
        condition.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(asked =>
            asked is IdentifierNameSyntax or MemberAccessExpressionSyntax
            && asked.Parent is IsPatternExpressionSyntax or BinaryExpressionSyntax
            && known.IsContext(model.GetTypeInfo(asked).Type));

    private static bool IsCompared(IOperation operation)
    {
        var user = operation.User();
        return user is IBinaryOperation || (user is IArgumentOperation ? user.Parent : user)
            is IInvocationOperation { TargetMethod.Name: "Equals" or "ReferenceEquals" };
    }

    // An argument for cleanup, for what only schedules work, or to derive from where all there is was made
    // here.
    private bool IsForCallee(IOperation operation, ContextInScope scope, SemanticModel model)
    {
        if (operation.User() is IArgumentOperation { Parent: IInvocationOperation user }
            && (LeftAloneCalls.Contain(user, scope, known) || LeftAloneCalls.IsForOthers(user, isSuggestion: true)
                || MissingContext.IsGivenRequest(user, known) || IsGivenContext(user)))
        {
            return true;
        }

        for (var at = operation.Parent; at is IConversionOperation or IArgumentOperation
            or IInvocationOperation; at = at.Parent)
        {
            if (at is IInvocationOperation call)
            {
                return CleanupCode.IsCleanupName(call.TargetMethod.Name)
                    || Scheduling.Is(call.TargetMethod)
                    || (known.IsDerivation(call.TargetMethod) && IsMadeHere(scope, operation.Syntax, model));
            }
        }

        return false;
    }

    // `store.SaveAsync(ctx, order, CancellationToken.None)`
    private bool IsGivenContext(IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.ArgumentKind is ArgumentKind.Explicit && known.IsContext(argument.Parameter?.Type)
        && argument.Value.Unconverted() is ILocalReferenceOperation or IParameterReferenceOperation
            or IPropertyReferenceOperation { Property.IsStatic: false });

    private static string CalleeOf(IOperation operation) =>
        operation.User() is IArgumentOperation { Parent: IInvocationOperation call } ? call.TargetMethod.Name : "";

    private bool IsMadeHere(ContextInScope scope, SyntaxNode place, SemanticModel model) =>
        scope.Symbol is ILocalSymbol
        && ContextScope.All(place, model, known, CancellationToken.None)
            .All(one => one.Symbol is ILocalSymbol || one.Source is ContextSource.Token);

    // `Context.Background.WithoutCancel()`: said to be meant.
    private static bool IsDetached(SyntaxNode place)
    {
        for (var at = place; at.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax
            or ArgumentSyntax
            or ArgumentListSyntax; at = at.Parent)
        {
            if (at.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
                && access.DescendantNodesAndSelf().Any(node =>
                    node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithoutCancel" }))
            {
                return true;
            }
        }

        return false;
    }

    // A source in a field lives as long as the object, whatever the call that made it.
    private static bool IsLifetimeOfItsOwn(IOperation operation)
    {
        if (operation is not IObjectCreationOperation)
        {
            return false;
        }

        var parent = operation.Parent;
        while (parent is IConversionOperation or ICoalesceOperation)
        {
            parent = parent.Parent;
        }

        return parent is IReturnOperation or IFieldInitializerOperation or IPropertyInitializerOperation
            || parent is IAssignmentOperation assignment
                && assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation;
    }

    // `var stop = new CancellationTokenSource(); using var both = ctx.WithCancel(stop.Token);`
    private static bool IsMerged(IOperation operation)
    {
        if (operation is not IObjectCreationOperation
            || operation.Syntax.Parent
                is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }
            || variable.FirstAncestorOrSelf<BlockSyntax>() is not { } block)
        {
            return false;
        }

        // A source that is given away as a whole ends when its new owner says.
        if (block.DescendantNodes().OfType<ArgumentSyntax>().Any(given =>
            given.Expression is IdentifierNameSyntax whole
                && whole.Identifier.ValueText == variable.Identifier.ValueText))
        {
            return true;
        }

        return block.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
            call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
            && name is "WithCancel" or "CreateLinkedTokenSource" or "FromToken"
            && call.ArgumentList.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Any(used => used.Identifier.ValueText == variable.Identifier.ValueText));
    }

    private static bool IsEventHandler(SyntaxNode place) => place.Ancestors()
        .TakeWhile(node => !node.IsMember())
        .Any(node =>
            node is AnonymousFunctionExpressionSyntax { Parent: AssignmentExpressionSyntax assignment }
            && assignment.IsKind(SyntaxKind.AddAssignmentExpression));
}
