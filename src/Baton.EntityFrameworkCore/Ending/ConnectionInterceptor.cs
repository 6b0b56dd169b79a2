using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Baton.EntityFrameworkCore;

/// <summary>Says in the context's words that the wait for a connection was ended by the context.</summary>
/// <remarks>
/// EF Core 10 reports the cancellation of <c>OpenAsync</c> to the synchronous method and without the token, so the
/// token is kept from the opening on.
/// </remarks>
internal sealed class ConnectionInterceptor : DbConnectionInterceptor
{
    private readonly ConditionalWeakTable<DbConnection, Context> _opening = [];

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default)
    {
        if (Context.TryFromToken(cancellationToken, out var ctx))
        {
            _opening.AddOrUpdate(connection, ctx);
        }

        return ValueTask.FromResult(result);
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _opening.Remove(connection);
        return Task.CompletedTask;
    }

    public override void ConnectionCanceled(DbConnection connection, ConnectionEndEventData eventData) =>
        Throw(connection);

    public override Task ConnectionCanceledAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Throw(connection);
        return Task.CompletedTask;
    }

    private void Throw(DbConnection connection)
    {
        if (_opening.Remove(connection, out var ctx) && ctx.IsDone)
        {
            throw ctx.NewException();
        }
    }
}
