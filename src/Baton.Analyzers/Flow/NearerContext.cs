using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Flow;

/// <summary>
/// Finds the context that is derived from another one and live at a place: the one to pass on there.
/// </summary>
internal static class NearerContext
{
    /// <summary>Its name; null if <paramref name="outer"/> is the nearest of its line.</summary>
    internal static string? Of(ISymbol outer, SyntaxNode place, SyntaxNode call, SemanticModel model,
        KnownSymbols known)
    {
        var seen = new List<ISymbol>();
        var functions = new List<LocalFunctionStatementSyntax>();
        for (var at = place; at.Parent is { } parent && !parent.IsMember(); at = parent)
        {
            switch (parent)
            {
                case CatchClauseSyntax or FinallyClauseSyntax:
                case LocalFunctionStatementSyntax { Modifiers: var modifiers } when modifiers.Any(SyntaxKind.StaticKeyword):
                    return null;
                case LocalFunctionStatementSyntax inner when DeclaresParameter(inner, outer):
                    return null;
                case LocalFunctionStatementSyntax inner:
                    functions.Add(inner);
                    break;
                case AnonymousFunctionExpressionSyntax lambda:
                    if (OfLambda(outer, lambda, seen, model, known) is { } own)
                    {
                        return own;
                    }

                    if (RunsLater(lambda, model))
                    {
                        return null;
                    }

                    break;
            }

            foreach (var (variable, scope) in Held(at, parent))
            {
                if (!ContextChain.CouldBe(variable.Initializer?.Value)
                    || model.GetDeclaredSymbol(variable) is not ILocalSymbol local || local.IsSame(outer)
                    || !known.IsContext(local.Type))
                {
                    continue;
                }

                seen.Add(local);
                if (IsDerived(local, outer, model, known) is { } chain
                    && functions.TrueForAll(inner => IsCalledAfter(variable, inner))
                    && !IsSetAnew(outer, variable, place, scope)
                    && !IsMeant(local, place, call, scope, chain))
                {
                    return local.Name;
                }
            }

            if (parent is AnonymousFunctionExpressionSyntax function && Declares(function, outer, model))
            {
                return null;
            }
        }

        return null;
    }

    private static bool DeclaresParameter(LocalFunctionStatementSyntax function, ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Any(one =>
            one.SyntaxTree == function.SyntaxTree && function.Span.Contains(one.Span));

    // Where the function is called before the context is derived, or given away, the outer one is all it has.
    private static bool IsCalledAfter(VariableDeclaratorSyntax variable, LocalFunctionStatementSyntax function) =>
        function.Parent is { } scope && scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == function.Identifier.ValueText && !function.Span.Contains(name.Span))
            .All(name => name.SpanStart > variable.SpanStart
                && name.Parent is InvocationExpressionSyntax call && call.Expression == name
                && !variable.Ancestors().OfType<LocalFunctionStatementSyntax>().Any(one => one == function));

    // The contexts that a level holds until it ends, the last one first, each with the code it lives in.
    private static IEnumerable<(VariableDeclaratorSyntax Variable, SyntaxNode Scope)> Held(SyntaxNode child,
        SyntaxNode parent)
    {
        switch (parent)
        {
            case BlockSyntax block:
                return Held(child, block.Statements, block);
            case SwitchSectionSyntax section:
                return Held(child, section.Statements, section);
            case CompilationUnitSyntax unit:
                return unit.Members.OfType<GlobalStatementSyntax>().TakeWhile(global => global != child)
                    .Reverse()
                    .SelectMany(global => Held(global.Statement, null)).Select(variable =>
                        (variable, (SyntaxNode)unit));
            case UsingStatementSyntax { Declaration: { } declaration } statement
                when child == statement.Statement:
                return declaration.Variables.Reverse().Select(variable =>
                    (variable, (SyntaxNode)statement.Statement));
            default:
                return [];
        }
    }

    private static IEnumerable<(VariableDeclaratorSyntax Variable, SyntaxNode Scope)> Held(
        SyntaxNode child, SyntaxList<StatementSyntax> statements, SyntaxNode scope)
    {
        for (var i = statements.IndexOf(statement => statement == child) - 1; i >= 0; i--)
        {
            foreach (var variable in Held(statements[i], i + 1 < statements.Count ? statements[i + 1] : null))
            {
                yield return (variable, scope);
            }
        }
    }

    // `using var child = …`, and the same by hand: `var child = …; try { … } finally { child.Dispose(); }`
    private static IEnumerable<VariableDeclaratorSyntax> Held(
        StatementSyntax statement, StatementSyntax? next) =>
        statement is LocalDeclarationStatementSyntax local
        && (local.UsingKeyword.IsKind(SyntaxKind.UsingKeyword)
            || (next is TryStatementSyntax { Finally.Block: { } cleanup }
                && local.Declaration.Variables.Any(variable =>
                    cleanup.Mentions(variable.Identifier.ValueText))))
            ? local.Declaration.Variables.Reverse()
            : [];

    private static ContextChain? IsDerived(ILocalSymbol local, ISymbol outer, SemanticModel model,
        KnownSymbols known)
    {
        var root = Alias(outer, model, known);
        var (canEnd, isByHand) = (false, true);
        foreach (var chain in ContextChain.Upwards(local, model, known))
        {
            if (chain.IsDetached)
            {
                return null;
            }

            canEnd |= chain.CanEnd;
            isByHand &= !chain.CanEnd || chain.IsByHand;
            if (canEnd && (chain.Root.IsSame(outer) || chain.Root.IsSame(root)))
            {
                return chain with { IsByHand = isByHand };
            }
        }

        return null;
    }

    // `var token = ctx.Done;` is ctx by another name.
    private static ISymbol Alias(ISymbol outer, SemanticModel model, KnownSymbols known)
    {
        foreach (var chain in ContextChain.Upwards(outer, model, known))
        {
            if (!chain.Root.IsSame(outer))
            {
                return chain.CanEnd || known.IsContext(outer.TypeOf()) ? outer : chain.Root;
            }
        }

        return outer;
    }

    // `using var child = …; ctx = child;`: what was derived from is in there no more.
    private static bool IsSetAnew(ISymbol outer, SyntaxNode variable, SyntaxNode place, SyntaxNode scope) =>
        scope.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
            assignment.Left is IdentifierNameSyntax name && name.Identifier.ValueText == outer.Name
            && assignment.SpanStart > variable.SpanStart && assignment.SpanStart < place.SpanStart);

    // Ended already, asked for on the way here, given as well, or there to be canceled while the outer one
    // goes on.
    private static bool IsMeant(ILocalSymbol local, SyntaxNode place, SyntaxNode call, SyntaxNode scope,
        ContextChain chain)
    {
        if (call.Mentions(local.Name) || IsAskedFor(local.Name, place, scope))
        {
            return true;
        }

        return scope.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(end =>
            end.Expression is MemberAccessExpressionSyntax
            {
                Expression: IdentifierNameSyntax name, Name.Identifier.ValueText: "Cancel" or "Dispose",
            }
            && name.Identifier.ValueText == local.Name
            && (chain.IsByHand || (end.SpanStart < place.SpanStart && IsPassedBy(end, place))));
    }

    // Whether whoever comes to the place has come by the statement that ends it.
    private static bool IsPassedBy(SyntaxNode end, SyntaxNode place) =>
        end.Parent is ExpressionStatementSyntax { Parent: { } block } && block.Span.Contains(place.Span);

    private static bool IsAskedFor(string name, SyntaxNode place, SyntaxNode scope)
    {
        for (var at = place; at.Parent is { } parent && at != scope; at = parent)
        {
            var condition = parent switch
            {
                IfStatementSyntax choice when at != choice.Condition => choice.Condition,
                ElseClauseSyntax { Parent: IfStatementSyntax choice } => choice.Condition,
                ConditionalExpressionSyntax choice when at != choice.Condition => choice.Condition,
                WhileStatementSyntax loop when at != loop.Condition => loop.Condition,
                SwitchSectionSyntax { Parent: SwitchStatementSyntax choice } => choice.Expression,
                SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax choice } =>
                    choice.GoverningExpression,
                _ => null,
            };
            if (condition is not null && condition.Mentions(name))
            {
                return true;
            }
        }

        return false;
    }

    // The context that a lambda is given by the group, or by the call that was given the outer one itself.
    private static string? OfLambda(
        ISymbol outer, AnonymousFunctionExpressionSyntax lambda, List<ISymbol> seen, SemanticModel model,
            KnownSymbols known)
    {
        if (Declares(lambda, outer, model)
            || lambda.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
            || model.GetSymbolInfo(lambda).Symbol is not IMethodSymbol { Parameters: var parameters }
            || parameters.FirstOrDefault(parameter => known.IsContext(parameter.Type)) is not { } own
            || model.GetSymbolInfo(call).Symbol is not IMethodSymbol method
            || ContextChain.Upwards(outer, model, known).Any(chain => chain.IsDetached))
        {
            return null;
        }

        var derives = method.ContainingType.IsSame(known.ContextGroup)
            ? IsGroupOf(call, outer, model, known)
            : call.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
                && Refers(receiver, outer, model)
                || call.ArgumentList.Arguments.Any(argument => Refers(argument.Expression, outer, model));
        if (!derives)
        {
            return null;
        }

        var nearest = seen.OfType<ILocalSymbol>().FirstOrDefault(local =>
            IsDerived(local, own, model, known) is not null);
        return nearest?.Name ?? own.Name;
    }

    private static bool Refers(ExpressionSyntax expression, ISymbol symbol, SemanticModel model) =>
        expression is IdentifierNameSyntax && model.GetSymbolInfo(expression).Symbol.IsSame(symbol);

    // Whether the group was made of the outer context; a group from elsewhere is taken for one.
    private static bool IsGroupOf(InvocationExpressionSyntax call, ISymbol outer, SemanticModel model,
        KnownSymbols known)
    {
        if (call.Expression is not MemberAccessExpressionSyntax access
            || model.GetSymbolInfo(access.Expression).Symbol is not { } group
            || group.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration)
        {
            return true;
        }

        var made = declaration switch
        {
            VariableDeclaratorSyntax { Initializer.Value: InvocationExpressionSyntax value } => value,
            ParameterSyntax => declaration.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>()
                ?.Parent?.Parent?.Parent as InvocationExpressionSyntax,
            _ => null,
        };
        return made is not
        {
            Expression: MemberAccessExpressionSyntax
            {
                Name.Identifier.ValueText: "Group"
            or "RunGroupAsync"
            } parent
        }
            || ContextChain.Of(parent.Expression, model, known) is not { } chain
            || ContextChain.Upwards(chain.Root, model, known).Any(step => step.Root.IsSame(outer))
            || ContextChain.Upwards(outer, model, known)
                .Any(step => step.Root.IsSame(chain.Root) && !step.CanEnd);
    }

    private static bool Declares(
        AnonymousFunctionExpressionSyntax lambda, ISymbol symbol, SemanticModel model) =>
        model.GetSymbolInfo(lambda).Symbol.IsSame(symbol.ContainingSymbol);

    // Work on its own, a handler, or a callback: the nearer context is gone when it runs.
    private static bool RunsLater(AnonymousFunctionExpressionSyntax lambda, SemanticModel model) =>
        lambda.Parent switch
        {
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } =>
                model.GetSymbolInfo(call).Symbol is IMethodSymbol method
                && method.Name is "AfterFunc" or "Register" or "UnsafeRegister" or "Run" or "StartNew"
                    or "QueueUserWorkItem",
            _ => true,
        };
}
