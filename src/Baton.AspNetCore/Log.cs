using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore;

/// <summary>Everything that this package logs. docs/observability.md lists it.</summary>
internal static partial class Log
{
    internal const string Category = "Baton.AspNetCore";

    [LoggerMessage(
        1,
        LogLevel.Error,
        "BatonOptions.ConfigureContext failed. The request goes on without what it adds to the context.")]
    internal static partial void ConfigureContextFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "BatonOptions.ShouldAcceptCallerDeadline failed. The caller's deadline is ignored.")]
    internal static partial void ShouldAcceptCallerDeadlineFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        3,
        LogLevel.Error,
        "The parse of the header {Header} in BatonOptions.CallerDeadlines failed. The header is ignored.")]
    internal static partial void CallerTimeoutParserFailed(
        ILogger logger, string header, Exception exception);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "BatonOptions.RetryAfter failed. The response is sent without Retry-After.")]
    internal static partial void RetryAfterFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        5,
        LogLevel.Error,
        "BatonOptions.ConfigureResponse or WithCancellationResponse failed. The response stays as it was.")]
    internal static partial void ConfigureResponseFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        6,
        LogLevel.Debug,
        "Header {Header} says no time that could be used ({Reason}, size {Size}), and is ignored.")]
    internal static partial void CallerTimeoutIgnored(ILogger logger, string header, string reason, int size);

    [LoggerMessage(
        7,
        LogLevel.Information,
        "{Method} {Path} was refused: its caller gave {Remaining}, and the least is {MinTimeout}.")]
    internal static partial void Refused(
        ILogger logger, string method, PathString path, TimeSpan remaining, TimeSpan minTimeout);

    [LoggerMessage(8, LogLevel.Debug, "{Method} {Path} was canceled: the client disconnected.")]
    internal static partial void ClientDisconnected(ILogger logger, string method, PathString path);

    [LoggerMessage(
        9,
        LogLevel.Information,
        "{Method} {Path} passed its deadline of {Timeout}, set by {TimeoutSource}, and returned {Overrun} after it.")]
    internal static partial void DeadlineExceeded(
        ILogger logger, string method, PathString path, TimeSpan timeout, string timeoutSource, TimeSpan overrun);

    [LoggerMessage(10, LogLevel.Information, "{Method} {Path} was canceled: the server is shutting down.")]
    internal static partial void ServerShutdown(ILogger logger, string method, PathString path);

    [LoggerMessage(11, LogLevel.Information, "{Method} {Path} was canceled: {Cause}.")]
    internal static partial void Canceled(ILogger logger, string method, PathString path, string cause);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "{Route} went on for {Overrun} after its context was done ({Cause}). That work was for a request which nobody "
        + "waits for any more: look at the context in loops, and pass it on. Rules BTN101 and BTN105 find such places.")]
    internal static partial void Overran(ILogger logger, string route, TimeSpan overrun, string cause);

    [LoggerMessage(
        20,
        LogLevel.Information,
        "Requests that still run are canceled, because the server stops: its shutdown grace is over, or was "
        + "cut short.")]
    internal static partial void ShutdownGraceOver(ILogger logger);

    [LoggerMessage(
        21,
        LogLevel.Warning,
        "UseRequestTimeouts() runs beside UseBaton(), so two timeouts race for each request. Remove "
        + "app.UseRequestTimeouts(): UseBaton() reads the same policies and attributes.")]
    internal static partial void RequestTimeoutsBeside(ILogger logger);

    [LoggerMessage(
        22,
        LogLevel.Warning,
        "UseBaton() runs before UseRouting(), so it ignores what endpoint '{Endpoint}' says about its timeout, its "
        + "response or its hub. Call app.UseBaton() after app.UseRouting().")]
    internal static partial void BeforeRouting(ILogger logger, string? endpoint);

    [LoggerMessage(
        23,
        LogLevel.Information,
        "Middleware or a filter behind UseBaton() took the end of a request's context for a client that left, and set the "
        + "status 499. What the handler threw is lost there, also an IOException of its own. Call "
        + "app.UseExceptionHandler() and app.UseDeveloperExceptionPage() before app.UseBaton().")]
    internal static partial void EndTakenForDisconnect(ILogger logger);
}
