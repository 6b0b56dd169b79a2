using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>Answers canceled requests that their handlers have left unanswered.</summary>
internal sealed class ResponseWriter(BatonServer server)
{
    /// <summary>The header, or trailer, that gRPC has for what HTTP says by a status of its own.</summary>
    private const string GrpcStatus = "grpc-status";

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
            case RequestTimeoutException timeout when ctx.Due is { } due:
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

    /// <summary>Answers a request whose caller leaves too little time to run the handler.</summary>
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
        return WriteAsync(http, plan, cause, StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>
    /// Answers a request whose handler has returned, or thrown, because of the end of a context.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="plan">What its endpoint says.</param>
    /// <param name="ended">The context: the request's own, or one derived from it.</param>
    /// <param name="hasThrown">Whether the handler let the cancellation out.</param>
    internal Task RespondAsync(HttpContext http, RequestPlan plan, Context ended, bool hasThrown)
    {
        var isGone = ended.Cause is ClientDisconnectedException or RequestAbortedException;
        if (http.Response.HasStarted)
        {
            // What was sent looks whole to the client unless the connection, or the stream, breaks. A handler
            // that returned has finished it.
            if (hasThrown && !isGone)
            {
                http.Abort();
            }

            return Task.CompletedTask;
        }

        if (HasAnswered(http, isGone, hasThrown))
        {
            return Task.CompletedTask;
        }

        if (isGone)
        {
            // Nobody reads it; it is what access logs and metrics record.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        var status = ended.Err is DeadlineExceededException
            ? StatusCodes.Status504GatewayTimeout
            : StatusCodes.Status503ServiceUnavailable;
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The connection has broken meanwhile, maybe gone with the server: to be recorded, and no more.
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        return WriteAsync(http, plan, ended.Cause!, status);
    }

    /// <summary>Tells the caller that an answer is what it is because of its own deadline.</summary>
    internal static void MarkByCaller(HttpContext http)
    {
        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            http.Response.Headers[DeadlineHeader.ExceededName] = DeadlineHeader.ExceededByCaller;
        }
    }

    /// <summary>Whether the handler has given an answer of its own, which stays.</summary>
    private static bool HasAnswered(HttpContext http, bool isGone, bool hasThrown)
    {
        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status499ClientClosedRequest && !isGone)
        {
            // An exception handler took the end of the context for the client's leave.
            return false;
        }

        // What it said before it threw was about work that it has not finished, unless it is an error.
        return hasThrown
            ? status >= StatusCodes.Status400BadRequest
            : status != StatusCodes.Status200OK
                || HasWritten(http)
                || http.Response.Headers.ContainsKey(GrpcStatus);
    }

    /// <summary>Whether something was written that is still on its way to the server.</summary>
    private static bool HasWritten(HttpContext http)
    {
        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        if (body.Writer is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
        {
            return true;
        }

        // Compression around this middleware holds back what was written, and has said so in a header.
        return !ReferenceEquals(body, http.Features.Get<IHttpResponseFeature>())
            && http.Response.Headers.ContentEncoding.Count > 0;
    }

    private async Task WriteAsync(HttpContext http, RequestPlan plan, Exception cause, int status)
    {
        var isOwnText = !TryUsePolicy(plan, cause, out var policy);
        var answer = new CancellationResponse(cause, policy?.TimeoutStatusCode ?? status)
        {
            Write = policy?.WriteTimeoutResponse,
            RetryAfter = cause is ServerShutdownException ? RetryAfter(http) : null,
        };
        Configure(http, plan, answer);

        http.Response.Clear();
        http.Response.StatusCode = answer.StatusCode;
        if (answer.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(
                CultureInfo.InvariantCulture);
        }

        if (answer.Write is { } write)
        {
            await write(http).ConfigureAwait(false);
        }
        else if (!TryWriteStatusOfGrpc(http, status)
            && !await TryWriteProblemAsync(http, answer).ConfigureAwait(false)
            && isOwnText)
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(Text(cause, status) + "\n").ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether the timeout was set by ASP.NET Core's own means: then its answer is as without Baton, down to
    /// an empty body.
    /// </summary>
    private static bool TryUsePolicy(RequestPlan plan, Exception cause, out RequestTimeoutPolicy? policy)
    {
        var isOfPlan = plan.IsTimeoutOfFramework && ReferenceEquals(cause, plan.Timeout);
        policy = isOfPlan ? plan.Policy : null;
        return isOfPlan;
    }

    private TimeSpan? RetryAfter(HttpContext http)
    {
        try
        {
            return server.Options.RetryAfter?.Invoke(http) is { } wait && wait >= TimeSpan.Zero ? wait : null;
        }
        catch (Exception e)
        {
            Log.RetryAfterFailed(server.Logger, e);
            return null;
        }
    }

    private void Configure(HttpContext http, RequestPlan plan, CancellationResponse answer)
    {
        try
        {
            server.Options.ConfigureResponse?.Invoke(http, answer);
            foreach (var endpoint in plan.Responses)
            {
                endpoint.Configure(http, answer);
            }
        }
        catch (Exception e)
        {
            Log.ConfigureResponseFailed(server.Logger, e);
        }
    }

    /// <summary>gRPC's clients look for the status of a call in its own headers.</summary>
    private static bool TryWriteStatusOfGrpc(HttpContext http, int status)
    {
        if (http.Request.ContentType is not { } type
            || !type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        const string Unavailable = "14", DeadlineExceeded = "4";
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = type;
        http.Response.Headers[GrpcStatus] = status == StatusCodes.Status504GatewayTimeout
            ? DeadlineExceeded
            : Unavailable;
        return true;
    }

    private static async Task<bool> TryWriteProblemAsync(HttpContext http, CancellationResponse answer) =>
        http.RequestServices.GetService<IProblemDetailsService>() is { } problems
        && await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = answer.StatusCode, Detail = Text(answer.Cause, answer.StatusCode) },
        }).ConfigureAwait(false);

    private static string Text(Exception cause, int status) => cause switch
    {
        ServerShutdownException => "The server is shutting down.",
        RequestTimeoutException { TimeoutSource: RequestTimeoutSource.Caller } => "The caller's deadline has passed.",
        _ when status == StatusCodes.Status504GatewayTimeout => "The request's deadline has passed.",
        _ => "The request was canceled.",
    };
}
