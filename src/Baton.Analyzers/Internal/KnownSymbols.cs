using System.Runtime.CompilerServices;
using Baton.Analyzers.LeftAlone;
using Baton.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Internal;

/// <summary>
/// The types the rules ask about, resolved once per compilation. Those that are not referenced are null.
/// </summary>
internal sealed class KnownSymbols
{
    // The rules share one; it lives as long as its compilation.
    private static readonly ConditionalWeakTable<Compilation, KnownSymbols> s_made = new();

    private readonly Compilation _compilation;
    private readonly Lazy<Background> _background;
    private readonly Lazy<RequestContext> _requests;
    private readonly Lazy<EarlyMiddleware> _early;

    private KnownSymbols(Compilation compilation, INamedTypeSymbol context)
    {
        _compilation = compilation;
        Context = context;
        _background = new(() => new Background(this));
        _requests = new(() => new RequestContext(this, compilation));
        _early = new(() => new EarlyMiddleware(compilation));
        CancelableContext = Find("Baton.CancelableContext");
        ContextRegistration = Find("Baton.ContextRegistration");
        ContextKey = Find("Baton.ContextKey`1");
        ContextGroup = Find("Baton.ContextGroup");
        ContextCarrier = Find("Baton.ContextCarrierAttribute");
        ContextValue = Find("Baton.ContextValueAttribute");
        CancellationToken = Find("System.Threading.CancellationToken");
        CancellationTokenSource = Find("System.Threading.CancellationTokenSource");
        Task = Find("System.Threading.Tasks.Task");
        TaskOfT = Find("System.Threading.Tasks.Task`1");
        ValueTask = Find("System.Threading.Tasks.ValueTask");
        ValueTaskOfT = Find("System.Threading.Tasks.ValueTask`1");
        Disposable = Find("System.IDisposable");
        AsyncDisposable = Find("System.IAsyncDisposable");
        Enumerator = Find("System.Collections.Generic.IEnumerator`1");
        AsyncEnumerator = Find("System.Collections.Generic.IAsyncEnumerator`1");
        HttpContext = Find("Microsoft.AspNetCore.Http.HttpContext");
        HttpRequest = Find("Microsoft.AspNetCore.Http.HttpRequest");
        HttpResponse = Find("Microsoft.AspNetCore.Http.HttpResponse");
        HttpContextAccessor = Find("Microsoft.AspNetCore.Http.IHttpContextAccessor");
        Controller = Find("Microsoft.AspNetCore.Mvc.ControllerBase");
        ActionContext = Find("Microsoft.AspNetCore.Mvc.ActionContext");
        PageModel = Find("Microsoft.AspNetCore.Mvc.RazorPages.PageModel");
        ViewComponent = Find("Microsoft.AspNetCore.Mvc.ViewComponent");
        Component = Find("Microsoft.AspNetCore.Components.IComponent");
        HubCallerContext = Find("Microsoft.AspNetCore.SignalR.HubCallerContext");
        Hub = Find("Microsoft.AspNetCore.SignalR.Hub");
        ServerCallContext = Find("Grpc.Core.ServerCallContext");
        Host = Find("Microsoft.Extensions.Hosting.IHost");
        HostedService = Find("Microsoft.Extensions.Hosting.IHostedService");
        HasRequestContext = Find("Microsoft.AspNetCore.Http.BatonHttpContextExtensions") is not null;
        HasCallContext = Find("Grpc.Core.BatonServerCallContextExtensions") is not null;
        IsTestProject = TestCode.IsTestProject(compilation);
        IsTestServer = TestCode.MakesTestServers(compilation);
    }

    internal INamedTypeSymbol Context { get; }

    internal INamedTypeSymbol? CancelableContext { get; }

    internal INamedTypeSymbol? ContextRegistration { get; }

    /// <summary><c>ContextKey&lt;T&gt;</c>, unbound.</summary>
    internal INamedTypeSymbol? ContextKey { get; }

    internal INamedTypeSymbol? ContextGroup { get; }

    internal INamedTypeSymbol? ContextCarrier { get; }

    internal INamedTypeSymbol? ContextValue { get; }

    internal INamedTypeSymbol? CancellationToken { get; }

    internal INamedTypeSymbol? CancellationTokenSource { get; }

    internal INamedTypeSymbol? Task { get; }

    internal INamedTypeSymbol? TaskOfT { get; }

    internal INamedTypeSymbol? ValueTask { get; }

    internal INamedTypeSymbol? ValueTaskOfT { get; }

    internal INamedTypeSymbol? Disposable { get; }

    internal INamedTypeSymbol? AsyncDisposable { get; }

    internal INamedTypeSymbol? Enumerator { get; }

    internal INamedTypeSymbol? AsyncEnumerator { get; }

    internal INamedTypeSymbol? HttpContext { get; }

    internal INamedTypeSymbol? HttpRequest { get; }

    internal INamedTypeSymbol? HttpResponse { get; }

    internal INamedTypeSymbol? HttpContextAccessor { get; }

    internal INamedTypeSymbol? Controller { get; }

    internal INamedTypeSymbol? ActionContext { get; }

    internal INamedTypeSymbol? PageModel { get; }

    internal INamedTypeSymbol? ViewComponent { get; }

    /// <summary>What a component of Blazor implements.</summary>
    internal INamedTypeSymbol? Component { get; }

    internal INamedTypeSymbol? HubCallerContext { get; }

    internal INamedTypeSymbol? Hub { get; }

    internal INamedTypeSymbol? ServerCallContext { get; }

    internal INamedTypeSymbol? Host { get; }

    internal INamedTypeSymbol? HostedService { get; }

    /// <summary>Whether the framework's carriers of a context are referenced.</summary>
    internal bool HasCarriers => HttpContext is not null;

    /// <summary>
    /// Whether <c>HttpContext.RequestContext</c> can be written: Baton.AspNetCore is referenced.
    /// </summary>
    internal bool HasRequestContext { get; }

    /// <summary>
    /// Whether <c>ServerCallContext.RequestContext</c> can be written: its package is referenced.
    /// </summary>
    internal bool HasCallContext { get; }

    /// <summary>Tells what takes a task out of the method that starts it.</summary>
    internal Background Background => _background.Value;

    /// <summary>Tells whose parameters are the request's context.</summary>
    internal RequestContext Requests => _requests.Value;

    /// <summary>Tells which middleware is added before <c>UseBaton()</c>.</summary>
    internal EarlyMiddleware Early => _early.Value;

    /// <summary>Whether a test framework is referenced.</summary>
    internal bool IsTestProject { get; }

    /// <summary>Whether the project makes servers for tests of others.</summary>
    internal bool IsTestServer { get; }

    /// <summary>
    /// Null in a compilation that knows no <c>Baton.Context</c>: then no rule has anything to say.
    /// </summary>
    internal static KnownSymbols? Of(Compilation compilation)
    {
        if (s_made.TryGetValue(compilation, out var known))
        {
            return known;
        }

        return compilation.GetTypeByMetadataName("Baton.Context") is { } context
            ? s_made.GetValue(compilation, key => new KnownSymbols(key, context))
            : null;
    }

    /// <summary>
    /// For a type that one rule alone asks about. Ask at compilation start, not in an action.
    /// </summary>
    internal INamedTypeSymbol? Find(string metadataName) => _compilation.GetTypeByMetadataName(metadataName);

    /// <summary>
    /// Whether it is <c>Context</c> or <c>CancelableContext</c>, or a type parameter bound to one.
    /// </summary>
    internal bool IsContext(ITypeSymbol? type) => type switch
    {
        null or { SpecialType: not SpecialType.None } => false,
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(IsContext),
        { TypeKind: TypeKind.Class } => type.IsOrDerivesFrom(Context),
        _ => false,
    };

    internal bool IsCancelable(ITypeSymbol? type) => type.IsSame(CancelableContext);

    internal bool IsToken(ITypeSymbol? type) => type.IsSame(CancellationToken);

    /// <summary>Whether it is a task or a value task, with or without a result.</summary>
    internal bool IsTask(ITypeSymbol? type) => type?.OriginalDefinition is { } definition
        && (definition.IsSame(Task) || definition.IsSame(TaskOfT)
            || definition.IsSame(ValueTask) || definition.IsSame(ValueTaskOfT));

    /// <summary>Whether the method is one of the context's own, such as <c>WithTimeout</c>.</summary>
    internal bool IsContextMethod(IMethodSymbol method) => method.ContainingType.IsSame(Context);

    /// <summary>Whether it derives a context: <c>WithCancel</c>, <c>WithValue</c> and the like.</summary>
    internal bool IsDerivation(IMethodSymbol method) =>
        method.Name.StartsWith("With", StringComparison.Ordinal) && IsContextMethod(method);
}
