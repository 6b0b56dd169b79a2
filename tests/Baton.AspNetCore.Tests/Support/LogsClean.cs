using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>Collects what an application logs at level Warning and above, and all that Baton logs.</summary>
/// <param name="expectedError">Text of the errors that the test provokes; null if it provokes none.</param>
internal sealed class LogsClean(string? expectedError) : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = [];

    /// <summary>What was logged so far, each with its level before it.</summary>
    internal string[] Entries => [.. _entries.Select(static entry => $"{entry.Level}: {entry.Text}")];

    internal void AssertClean()
    {
        var unexpected = _entries.FirstOrDefault(entry => entry.Level >= LogLevel.Warning
            && (expectedError is null || !entry.Text.Contains(expectedError, StringComparison.Ordinal)));
        Assert.True(unexpected.Text is null, $"{unexpected.Level}: {unexpected.Text}");
    }

    public ILogger CreateLogger(string categoryName) =>
        new Logger(this, categoryName.StartsWith(nameof(Baton), StringComparison.Ordinal)
            ? LogLevel.Debug
            : LogLevel.Warning);

    public void Dispose()
    {
    }

    private sealed class Logger(LogsClean logs, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            // Kestrel's word for a machine that is busy with something else.
            if (IsEnabled(logLevel) && eventId.Name != "HeartbeatSlow")
            {
                logs._entries.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
