using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Baton.EntityFrameworkCore;

/// <summary>Says in the context's words that a step of a transaction was ended by the context.</summary>
internal sealed class TransactionInterceptor : DbTransactionInterceptor
{
    public override Task TransactionFailedAsync(
        DbTransaction transaction,
        TransactionErrorEventData eventData,
        CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is OperationCanceledException and not ContextException)
        {
            EndOf.Throw(eventData.Exception, cancellationToken);
        }

        return Task.CompletedTask;
    }
}
