using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OutputCaching;

namespace Baton.AspNetCore;

/// <summary>Decides what the client gets of a request whose context has ended.</summary>
/// <remarks>
/// A response that the handler wrote whole is delivered, late or not. Otherwise it is a response of Baton's if
/// nothing was sent, and else the connection, or the stream, is aborted.
/// </remarks>
internal sealed class Responder(BatonServer server)
{
    /// <summary>How long middleware outside of <c>UseBaton()</c> waits for the server to notice an abort.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly ResponseWriter _writer = new(server);

    /// <summary>Logs that a request has been canceled, if it has.</summary>
    internal void Report(HttpContext http, Context ctx)
    {
        switch (ctx.Cause)
        {
            case null:
                break;
            case ClientDisconnectedException or RequestAbortedException:
                Log.ClientDisconnected(server.Logger, http.Request.Method, http.Request.Path);
                break;
            case RequestTimeoutException timeout when ctx is { Err: DeadlineExceededException, Due: { } due }:
                Log.DeadlineExceeded(
                    server.Logger, http.Request.Method, http.Request.Path, timeout.Timeout,
                    timeout.Setter, due.Overrun);
                break;
            case ServerShutdownException:
                Log.ServerShutdown(server.Logger, http.Request.Method, http.Request.Path);
                break;
            case var cause:
                Log.Canceled(server.Logger, http.Request.Method, http.Request.Path, cause.Message);
                break;
        }
    }

    /// <summary>Responds to a request whose caller leaves too little time to run the handler.</summary>
    internal Task RefuseAsync(HttpContext http, RequestPlan plan, RequestTimeoutException cause)
    {
        Log.Refused(
            server.Logger, http.Request.Method, http.Request.Path, cause.Timeout, server.Options.MinTimeout);
        http.Response.OnStarting(
            static state =>
            {
                MarkByCaller((HttpContext)state);
                return Task.CompletedTask;
            },
            http);
        return _writer.WriteAsync(http, plan, cause, StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>
    /// Responds to a request whose handler has returned, or thrown, because of the end of a context.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="request">Its own context.</param>
    /// <param name="ended">The context that has ended: the request's own, or one derived from it.</param>
    /// <param name="ran">The handler's task.</param>
    internal Task RespondAsync(HttpContext http, RequestContext request, Context ended, Task ran)
    {
        var body = request.Body;
        var hasThrown = !ran.IsCompletedSuccessfully;
        var isCut = hasThrown ? !body.IsComplete : IsCut(http, request.Plan, body);
        if (http.Response.HasStarted || body.HasPassed)
        {
            if (!isCut)
            {
                return body.ReleaseAndFlushAsync();
            }

            body.Drop();
            if (http.Response.HasStarted || !http.Response.Body.CanSeek)
            {
                return BreakAsync(http, request, ended, ran);
            }

            // Middleware outside holds the whole body, which is emptied along with the headers.
        }
        else if (IsHandlers(http, ended, hasThrown, isCut, body.IsHeld))
        {
            return body.ReleaseAndFlushAsync();
        }

        body.Drop();
        if (IsGone(ended))
        {
            // There is no client to read it. Access logs and metrics record it.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        var status = ended.Err is DeadlineExceededException
            ? StatusCodes.Status504GatewayTimeout
            : StatusCodes.Status503ServiceUnavailable;
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The connection has broken meanwhile, maybe with the server. The status is recorded, and no more.
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        return _writer.WriteAsync(http, request.Plan, ended.Cause!, status);
    }

    /// <summary>
    /// Responds to a request whose handler gave up because too little time remains. What it has begun to send is
    /// broken off by its exception.
    /// </summary>
    internal Task RefuseLateAsync(
        HttpContext http, RequestContext request, InsufficientTimeException cause, Task ran)
    {
        if (http.Response.HasStarted || request.Body.HasPassed)
        {
            return ran;
        }

        Log.Canceled(server.Logger, http.Request.Method, http.Request.Path, cause.Message);
        request.Body.Drop();
        return _writer.WriteAsync(http, request.Plan, cause, StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>Tells the caller that a response is what it is because of its own deadline.</summary>
    internal static void MarkByCaller(HttpContext http)
    {
        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            http.Response.Headers[DeadlineHeader.ExceededName] = DeadlineHeader.ExceededByCaller;
        }
    }

    private static bool IsGone(Context ended) =>
        ended.Cause is ClientDisconnectedException or RequestAbortedException;

    /// <summary>
    /// Whether a part of the response is missing. SignalR and gRPC say in their own messages how a call ended.
    /// </summary>
    private static bool IsCut(HttpContext http, RequestPlan plan, ResponseBody body) =>
        !plan.IsHub && !ResponseWriter.IsGrpc(http) && body.IsCut();

    /// <summary>Whether a response of which nothing was sent is the handler's own, which stays.</summary>
    private bool IsHandlers(
        HttpContext http, Context ended, bool hasThrown, bool isCut, bool hasWritten)
    {
        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status499ClientClosedRequest && !IsGone(ended))
        {
            // An exception handler or filter took the end of the context for the client's leaving.
            server.Advice.OnTakenForDisconnect();
            return false;
        }

        if (isCut)
        {
            // What a handler said before it threw was about work that it has not finished, unless it is an error.
            return hasThrown && status >= StatusCodes.Status400BadRequest && !hasWritten
                && http.Response.ContentLength is null or 0;
        }

        return status != StatusCodes.Status200OK
            || hasWritten
            || http.Response.Headers.ContainsKey(ResponseWriter.GrpcStatus);
    }

    /// <summary>
    /// Aborts the connection, or the stream, because what was sent looks whole to the client otherwise. A cache
    /// or a buffer outside of <c>UseBaton()</c> gets an exception, so that it does not take it for whole.
    /// </summary>
    private static async Task BreakAsync(HttpContext http, RequestContext request, Context ended, Task ran)
    {
        if (!IsGone(ended))
        {
            http.Abort();
        }

        if (IsServers(http, request.Body) || IsLeftOutOfCache(http))
        {
            return;
        }

        await CanceledAsync(request.ServerAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ran.ConfigureAwait(false);
        throw ended.NewException();
    }

    /// <summary>
    /// Waits until the server has noticed an abort. Before that it would log the exception as an error.
    /// </summary>
    private static Task CanceledAsync(CancellationToken token) => token.CanBeCanceled
        ? new TaskCompletionSource().Task.WaitAsync(s_patience, token)
        : Task.CompletedTask;

    /// <summary>Whether nothing stands between Baton and the server that could keep what was sent.</summary>
    private static bool IsServers(HttpContext http, ResponseBody body) =>
        ReferenceEquals(body.Inner, http.Features.Get<IHttpResponseFeature>());

    /// <summary>
    /// Tells an output cache to keep nothing, if one listens. An exception would go to every request that waits
    /// there for this response as well.
    /// </summary>
    private static bool IsLeftOutOfCache(HttpContext http)
    {
        if (http.Features.Get<IOutputCacheFeature>()?.Context is not
            { EnableOutputCaching: true, AllowCacheStorage: true } cache)
        {
            return false;
        }

        cache.AllowCacheStorage = false;
        return true;
    }
}
