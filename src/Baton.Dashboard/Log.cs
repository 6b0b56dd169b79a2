using Microsoft.Extensions.Logging;

namespace Baton.Dashboard;

/// <summary>Everything that this package logs. docs/dashboard.md lists it.</summary>
internal static partial class Log
{
    internal const string Category = "Baton.Dashboard";

    [LoggerMessage(1, LogLevel.Warning, "{Operator} canceled request {Id} ({Method} {Route}).")]
    internal static partial void Canceled(ILogger logger, string @operator, string id, string method, string? route);

    [LoggerMessage(2, LogLevel.Warning, "A cancel of request {Id} was refused: {Reason}.")]
    internal static partial void CancelRefused(ILogger logger, string id, string reason);

    [LoggerMessage(3, LogLevel.Information, "A page of requests was cut: its browser took no update for {Time}.")]
    internal static partial void ReaderCut(ILogger logger, TimeSpan time);
}
