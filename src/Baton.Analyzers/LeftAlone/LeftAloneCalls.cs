using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Calls that are never told to take the request's context, whatever place they stand at: what they do is for
/// others, lives longer than the request, or ends with the request already.
/// </summary>
internal static class LeftAloneCalls
{
    private static readonly string[] s_lifetimes =
    [
        "Bootstrap", "Listen", "Serve", "Subscribe", "Consume", "Watch", "StartListening", "StartConsuming",
        "StartReceiving", "StartProcessing", "StartPolling", "StartWatching", "RunForever", "RunUntil", "Host",
    ];

    private static readonly string[] s_messages =
        ["Notif", "Webhook", "Mail", "Sms", "Broadcast", "PushMessage", "Alert"];

    private static readonly string[] s_sending =
        ["Send", "Deliver", "Dispatch", "Push", "Post", "Trigger", "Fire", "Raise", "Emit", "Queue", "Schedule", "Call"];

    /// <param name="call">The call.</param>
    /// <param name="scope">The context that it would be given.</param>
    /// <param name="known">The types that the rules know.</param>
    internal static bool Contain(IInvocationOperation call, ContextInScope scope, KnownSymbols known)
    {
        var method = call.TargetMethod;
        var isSuggestion = scope.Source is ContextSource.Carrier;
        return EndsWithTheRequest(method) || IsPoll(call) || IsForOthers(call, isSuggestion)
            || (isSuggestion && (PointOfNoReturn.IsFinal(method.Name) || Messages.HasToBeHandled(call)))
            || ((isSuggestion || known.Requests.IsOfHandler(scope.Symbol)) && IsLifetime(method.Name));
    }

    /// <summary>What is sent to others: the sender may leave, and they are to get it all the same.</summary>
    internal static bool IsForOthers(IInvocationOperation call, bool isSuggestion)
    {
        var method = call.TargetMethod;
        return IsToClients(call) || IsMessage(method)
            || (isSuggestion && Words.BeginsWith(method.Name, "Publish"));
    }

    /// <summary>The token of such a method is how long something runs, and no limit of one call.</summary>
    internal static bool IsLifetime(string name) =>
        name is "Run" or "RunAsync" or "Start" or "StartAsync" || Words.BeginsWithOne(name, s_lifetimes);

    // Given no token these take that of the request, and return where they would throw otherwise.
    private static bool EndsWithTheRequest(IMethodSymbol method) =>
        method.Name is "WriteAsJsonAsync" or "SendFileAsync"
        && method.ContainingType.Name is "HttpResponseJsonExtensions" or "SendFileResponseExtensions"
            or "IHttpResponseBodyFeature";

    /// <summary>Whether its timeout is zero: then it asks, and does not wait.</summary>
    internal static bool IsPoll(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && argument.ArgumentKind is ArgumentKind.Explicit
                && (Words.Holds(parameter.Name, "timeout") || Words.Holds(parameter.Name, "delay"))
                && IsZero(argument.Value.Unconverted()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsZero(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: 0 or 0L or 0.0 } } => true,
        IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } => true,
        IDefaultValueOperation { Type.Name: "TimeSpan" } => true,
        IInvocationOperation { TargetMethod.ContainingType.Name: "TimeSpan", Arguments: { Length: > 0 } given } =>
            given.All(one => IsZero(one.Value.Unconverted())),
        _ => false,
    };

    // `Clients.All.SendAsync(…)`, `hub.Clients.Group(name).OrderPlaced(…)`, `Groups.AddToGroupAsync(…)`
    private static bool IsToClients(IInvocationOperation call)
    {
        for (var at = Receiver(call); at is not null; at = at switch
        {
            IInvocationOperation inner => Receiver(inner),
            IPropertyReferenceOperation property => property.Instance,
            IConversionOperation conversion => conversion.Operand,
            ILocalReferenceOperation local => Initializer(local),
            _ => null,
        })
        {
            if (at.Type is INamedTypeSymbol { ContainingNamespace: { Name: "SignalR" } space } type
                && space.ContainingNamespace is { Name: "AspNetCore" }
                && (type.Name.IndexOf("Clients", StringComparison.Ordinal) >= 0
                    || type.Name is "IClientProxy" or "ISingleClientProxy" or "IGroupManager"))
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null);

    // `var group = Clients.Group(name);`
    private static IOperation? Initializer(ILocalReferenceOperation reference) =>
        reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && value.SyntaxTree == reference.Syntax.SyntaxTree && !value.Span.Contains(reference.Syntax.Span)
            ? reference.SemanticModel?.GetOperation(value)
            : null;

    private static bool IsMessage(IMethodSymbol method)
    {
        if (Words.IsRead(method.Name))
        {
            return false;
        }

        var type = method.ContainingType?.Name ?? "";
        return Words.BeginsWith(method.Name, "Notify") || Words.BeginsWith(method.Name, "Broadcast")
            || s_messages.Any(word => Words.Holds(type, word)
                || (Words.Holds(method.Name, word) && Words.BeginsWithOne(method.Name, s_sending)));
    }
}
