using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Middleware that is added before <c>UseBaton()</c>: a request that passes it has no context yet. The project is
/// read once, by names, when the first place asks.
/// </summary>
internal sealed class EarlyMiddleware(Compilation compilation)
{
    private readonly Lazy<HashSet<string>> _types = new(() => Find(compilation));

    /// <summary>Whether the class is added as middleware before <c>UseBaton()</c>.</summary>
    internal bool Contains(INamedTypeSymbol type) => _types.Value.Contains(type.Name);

    /// <summary>Whether the lambda is added to a pipeline that calls <c>UseBaton()</c> only later.</summary>
    internal static bool Contains(AnonymousFunctionExpressionSyntax lambda) =>
        lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax added }
        && PointOfNoReturn.NameOf(added.Expression) is "Use" or "UseWhen" or "Run" or "Map" or "MapWhen"
        && Function(added) is { } function
        && Additions(function).Any(later => IsBaton(later) && End(later) > added.Span.End);

    private static HashSet<string> Find(Compilation compilation)
    {
        var early = new HashSet<string>();
        var roots = compilation.SyntaxTrees.Select(static tree => tree.GetRoot()).ToList();
        foreach (var baton in roots.SelectMany(Additions).Where(IsBaton))
        {
            if (Function(baton) is { } function)
            {
                early.UnionWith(Additions(function).Where(one => End(one) < End(baton)).SelectMany(Names));
            }
        }

        // `app.UseTenants()` is most often a method of the application that calls UseMiddleware<Tenants>().
        foreach (var method in roots.SelectMany(static root => root.DescendantNodes())
            .OfType<MethodDeclarationSyntax>().Where(method => early.Contains(method.Identifier.ValueText)).ToList())
        {
            early.UnionWith(Additions(method).SelectMany(Names));
        }

        return early;
    }

    private static IEnumerable<InvocationExpressionSyntax> Additions(SyntaxNode node) => node.DescendantNodes()
        .OfType<InvocationExpressionSyntax>()
        .Where(static call => PointOfNoReturn.NameOf(call.Expression) is { } name
            && name.StartsWith("Use", StringComparison.Ordinal));

    private static bool IsBaton(InvocationExpressionSyntax call) =>
        PointOfNoReturn.NameOf(call.Expression) is "UseBaton";

    // In a chain, `app.UseX().UseBaton()`, the calls begin at the same place and end one after the other.
    private static int End(InvocationExpressionSyntax call) => call.Span.End;

    private static SyntaxNode? Function(SyntaxNode node) => node.Ancestors().FirstOrDefault(static one =>
        one is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
            or CompilationUnitSyntax);

    // `UseMiddleware<Tenants>()`, `UseMiddleware(typeof(Tenants))`, `UseTenants()`
    private static IEnumerable<string> Names(InvocationExpressionSyntax call)
    {
        var name = call.Expression is MemberAccessExpressionSyntax access
            ? access.Name : call.Expression as SimpleNameSyntax;
        var types = name is GenericNameSyntax generic
            ? generic.TypeArgumentList.Arguments.AsEnumerable()
            : call.ArgumentList.Arguments.Select(static argument => argument.Expression)
                .OfType<TypeOfExpressionSyntax>().Select(static one => one.Type);
        foreach (var type in types)
        {
            yield return type switch
            {
                QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
                SimpleNameSyntax simple => simple.Identifier.ValueText,
                _ => "",
            };
        }

        if (name is not null && !IsBaton(call) && name.Identifier.ValueText is not ("UseMiddleware" or "Use"))
        {
            yield return name.Identifier.ValueText;
        }
    }
}
