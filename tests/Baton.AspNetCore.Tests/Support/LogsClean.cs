using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>Collects what an application logs at level Warning and above.</summary>
/// <param name="expectedError">Text of the errors that the test provokes; null if it provokes none.</param>
internal sealed class LogsClean(string? expectedError) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _entries = [];

    internal void AssertClean()
    {
        var unexpected = _entries.FirstOrDefault(
            entry => expectedError is null || !entry.Contains(expectedError, StringComparison.Ordinal));
        Assert.True(unexpected is null, unexpected);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _entries.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
