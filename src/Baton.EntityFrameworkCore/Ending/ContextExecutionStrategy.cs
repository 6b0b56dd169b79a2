using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Baton.EntityFrameworkCore;

/// <summary>
/// The application's own strategy, whose retries end with the context. The caller is told the last real failure
/// as what the transport threw.
/// </summary>
internal sealed class ContextExecutionStrategy(IExecutionStrategy inner) : IExecutionStrategy
{
    public bool RetriesOnFailure => inner.RetriesOnFailure;

    public TResult Execute<TState, TResult>(
        TState state,
        Func<DbContext, TState, TResult> operation,
        Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        Exception? failure = null;
        try
        {
            return inner.Execute(
                state,
                (db, given) =>
                {
                    try
                    {
                        return operation(db, given);
                    }
                    catch (Exception e) when (Keep(e, ref failure))
                    {
                        throw;
                    }
                },
                verifySucceeded);
        }
        catch (ContextException e) when (failure is not null && e.TransportException is null)
        {
            throw WithFailure(e, failure);
        }
    }

    public async Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        Exception? failure = null;
        try
        {
            return await inner.ExecuteAsync(
                state,
                async (db, given, token) =>
                {
                    try
                    {
                        return await operation(db, given, token).ConfigureAwait(true);
                    }
                    catch (Exception e) when (Keep(e, ref failure))
                    {
                        throw;
                    }
                },
                verifySucceeded,
                cancellationToken).ConfigureAwait(true);
        }
        catch (ContextException e) when (failure is not null && e.TransportException is null)
        {
            throw WithFailure(e, failure);
        }
        catch (OperationCanceledException e) when (e is not ContextException)
        {
            // The strategy was waiting to try again, or was about to.
            EndOf.Throw(failure ?? e, cancellationToken);
            ExceptionDispatchInfo.Throw(e);
            throw;
        }
    }

    /// <summary>Remembers a failure that another attempt may follow; false, so that nothing is caught.</summary>
    private static bool Keep(Exception e, ref Exception? failure)
    {
        failure = e is OperationCanceledException ? failure : e;
        return false;
    }

    /// <summary>The same exception, with the failure of the attempt before.</summary>
    private static ContextException WithFailure(ContextException e, Exception failure) => e switch
    {
        DeadlineExceededException passed => new DeadlineExceededException(
            passed.Deadline, passed.Timeout, passed.InnerException, failure, passed.CancellationToken),
        _ => new ContextCanceledException(e.InnerException, failure, e.CancellationToken),
    };
}
