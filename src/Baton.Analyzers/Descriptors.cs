using Microsoft.CodeAnalysis;

namespace Baton.Analyzers;

/// <summary>
/// All rules, side by side. A title states the rule as a fact; a message names the symbol, what comes of it,
/// and what to type instead.
/// </summary>
internal static class Descriptors
{
    internal const string Category = "Baton";

    internal static readonly DiagnosticDescriptor NotReleased = Warning(
        "BTN001",
        "A derived context is released on every path",
        "{0}, so '{1}' holds on to it until '{1}' ends; {2}");

    internal static readonly DiagnosticDescriptor GrowsInLoop = Warning(
        "BTN002",
        "A context does not grow in a loop",
        "'{0}' is derived from itself each time, so the chain grows and none of it is released; "
        + "write '{1}' inside the {2}");

    internal static readonly DiagnosticDescriptor Stored = Warning(
        "BTN003",
        "A context is not stored",
        "'{0}' keeps a context beyond the call it belongs to; pass it to the methods of '{1}' as their "
        + "first parameter, or mark '{1}' [ContextCarrier] if it is made for one call");

    internal static readonly DiagnosticDescriptor OutlivesRequest = Warning(
        "BTN004",
        "A task that outlives a request has a context of its own",
        "'{0}' ends with the request, and {1} may continue after it; give it '{0}.WithoutCancel()'");

    internal static readonly DiagnosticDescriptor EndedTooSoon = Warning(
        "BTN005",
        "A derived context ends after the tasks that use it",
        "'{0}' ends when this block is left, and {1}, still uses it; {2}");

    internal static readonly DiagnosticDescriptor WithoutBaton = Warning(
        "BTN006",
        "An application whose handlers take a context adds Baton",
        "'{0}' is a context, but this application calls neither AddBaton nor UseBaton, so ASP.NET Core takes it for "
        + "the request's body; call 'builder.Services.AddBaton()' and 'app.UseBaton()'");

    internal static readonly DiagnosticDescriptor PassItOn = Warning(
        "BTN101",
        "A call is given the context in scope",
        "'{0}' is given no context, so it continues after '{1}' is done; pass '{1}'");

    internal static readonly DiagnosticDescriptor StartsOver = Warning(
        "BTN102",
        "A call continues with the context it was given",
        "'{0}' starts over, so the cancellation, deadline and values of '{1}' end here; use '{1}'");

    internal static readonly DiagnosticDescriptor NotNearest = Warning(
        "BTN103",
        "The nearest context is passed on",
        "'{0}' is passed on where '{1}' was derived from it, so the end of '{1}' does not reach "
        + "this call; pass '{1}'");

    internal static readonly DiagnosticDescriptor NotFirst = Suggestion(
        "BTN104",
        "A context is the first parameter, named ctx",
        "'{0}' {1}, so callers cannot tell at a glance that '{2}' takes a context; {3}");

    internal static readonly DiagnosticDescriptor NeverLooks = Warning(
        "BTN105",
        "A wait and an endless loop look at the context",
        "{0} never looks at '{1}', so it continues after '{1}' is done; {2}");

    internal static readonly DiagnosticDescriptor Swallowed = Suggestion(
        "BTN106",
        "A catch of everything lets a cancellation through",
        "This also catches the end of '{0}', so the code continues although its caller waits no more; "
        + "add 'when (!{1})'");

    internal static readonly DiagnosticDescriptor Null = Warning(
        "BTN107",
        "A context is never null",
        "'{0}' is given null for a context, which throws where the context is used; pass '{1}'");

    internal static readonly DiagnosticDescriptor Twin = Warning(
        "BTN108",
        "A context is not made a token where the context itself is taken",
        "'{0}' becomes a token here, so its deadline and values do not travel; call the '{1}' that takes the context first");

    internal static readonly DiagnosticDescriptor LeftGroup = Warning(
        "BTN109",
        "A group is waited for before it is left",
        "Nothing waits for the tasks of '{0}', so they are canceled when the block ends; add 'await {0}.WaitAsync();' "
        + "as its last statement");

    internal static readonly DiagnosticDescriptor CapturedSelect = OnDemand(
        "BTN111",
        "Library code does not capture its caller's context",
        "This select continues on the synchronization context of the caller, which deadlocks if the caller "
        + "blocks on it; add '.ConfigureAwait(false)'");

    internal static readonly DiagnosticDescriptor CouldBePassed = Suggestion(
        "BTN112",
        "A call could be given the request's context",
        "The request's context could be passed to '{0}', which would then end when the request does; pass '{1}'");

    internal static readonly DiagnosticDescriptor KeyMadeAgain = Warning(
        "BTN201",
        "A key is made once",
        "This key is made anew each time, and keys are equal by identity, so it finds no value stored "
        + "under another; make it a 'static readonly' field");

    internal static readonly DiagnosticDescriptor NoRequestData = Suggestion(
        "BTN202",
        "A value is request data",
        "'{0}' is {1}, so code that reads it has a dependency that no signature shows; {2}");

    internal static readonly DiagnosticDescriptor HiddenParameter = Suggestion(
        "BTN203",
        "A value is no hidden parameter",
        "'{0}' is set here only for '{1}' to read, so it is a parameter that no signature shows; "
        + "pass it to '{1}' as an argument");

    internal static readonly DiagnosticDescriptor UnreadableValue = Warning(
        "BTN204",
        "A value is given to code that can read it",
        "Only the token of this context is used, and that is its parent's, so no code can read '{0}' from it; "
        + "write 'WithCancel()' below the value, or pass the context itself");

    internal static string HelpLink(string id) =>
        $"https://github.com/baton-net/baton/blob/main/docs/rules/{id}.md";

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Rule(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Suggestion(string id, string title, string message) =>
        Rule(id, title, message, DiagnosticSeverity.Info);

    /// <summary>A rule that says nothing unless it is switched on, as CA2007.</summary>
    private static DiagnosticDescriptor OnDemand(string id, string title, string message) =>
        Rule(id, title, message, DiagnosticSeverity.Warning, isOn: false);

    private static DiagnosticDescriptor Rule(
        string id, string title, string message, DiagnosticSeverity severity, bool isOn = true) => new(
        id, title, message, Category, severity, isOn, helpLinkUri: HelpLink(id));
}
