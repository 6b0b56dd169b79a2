using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore;

/// <summary>Everything that is logged here.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Error,
        "BatonOptions.ConfigureContext failed. The request goes on without what it adds to the context.")]
    internal static partial void ConfigureContextFailed(ILogger logger, Exception exception);
}
