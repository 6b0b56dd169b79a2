using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>Writes the response of a request that was canceled. The body is empty until then.</summary>
internal sealed class ResponseWriter(BatonServer server)
{
    /// <summary>The header, or trailer, that gRPC has for what HTTP says by a status of its own.</summary>
    internal const string GrpcStatus = "grpc-status";

    internal async Task WriteAsync(HttpContext http, RequestPlan plan, Exception cause, int status)
    {
        var isOwnText = !TryUsePolicy(plan, cause, status, out var policy);
        var response = new CancellationResponse(cause, policy?.TimeoutStatusCode ?? status)
        {
            Write = policy?.WriteTimeoutResponse,
            RetryAfter = cause is ServerShutdownException ? RetryAfter(http) : null,
        };
        Configure(http, plan, response);

        http.Response.Clear();
        http.Response.StatusCode = response.StatusCode;
        if (response.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(
                CultureInfo.InvariantCulture);
        }

        if (response.Write is { } write)
        {
            await write(http).ConfigureAwait(false);
        }
        else if (!TryWriteStatusOfGrpc(http, status)
            && CanHaveBody(response.StatusCode)
            && !await TryWriteProblemAsync(http, response, status).ConfigureAwait(false)
            && isOwnText)
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(Text(cause, status) + "\n").ConfigureAwait(false);
        }
    }

    /// <summary>Whether HTTP lets a response with this status have a body.</summary>
    internal static bool CanHaveBody(int status) => status is >= 200 and not (
        StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    internal static bool IsGrpc(HttpContext http) =>
        http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Whether the timeout was set by ASP.NET Core's own means: then its response is as without Baton, down to
    /// an empty body.
    /// </summary>
    private static bool TryUsePolicy(
        RequestPlan plan, Exception cause, int status, out RequestTimeoutPolicy? policy)
    {
        // A base context may have been canceled with the timeout of an earlier request as its cause.
        var isOfPlan = plan.IsTimeoutOfFramework && ReferenceEquals(cause, plan.Timeout)
            && status == StatusCodes.Status504GatewayTimeout;
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

    private void Configure(HttpContext http, RequestPlan plan, CancellationResponse response)
    {
        try
        {
            server.Options.ConfigureResponse?.Invoke(http, response);
            foreach (var endpoint in plan.Responses)
            {
                endpoint.Configure(http, response);
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
        if (!IsGrpc(http))
        {
            return false;
        }

        const string Unavailable = "14", DeadlineExceeded = "4";
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = http.Request.ContentType;
        http.Response.Headers[GrpcStatus] = status == StatusCodes.Status504GatewayTimeout
            ? DeadlineExceeded
            : Unavailable;
        return true;
    }

    private static async Task<bool> TryWriteProblemAsync(
        HttpContext http, CancellationResponse response, int status) =>
        http.RequestServices.GetService<IProblemDetailsService>() is { } problems
        && await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = response.StatusCode, Detail = Text(response.Cause, status) },
        }).ConfigureAwait(false);

    private static string Text(Exception cause, int status) => cause switch
    {
        ServerShutdownException => "The server is shutting down.",
        InsufficientTimeException => "Too little time remains.",
        _ when status != StatusCodes.Status504GatewayTimeout => "The request was canceled.",
        RequestTimeoutException { TimeoutSource: RequestTimeoutSource.Caller } => "The caller's deadline has passed.",
        _ => "The request's deadline has passed.",
    };
}
