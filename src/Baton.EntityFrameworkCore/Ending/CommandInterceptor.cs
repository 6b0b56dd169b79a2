using System.Data.Common;
using Baton.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.EntityFrameworkCore;

/// <summary>Puts Baton's command around each command that EF Core makes.</summary>
/// <remarks>
/// The command is replaced, instead of intercepting its execution, because an interceptor cannot give the driver
/// another token than the caller's.
/// </remarks>
internal sealed class CommandInterceptor(BatonDataOptions options) : DbCommandInterceptor
{
    private readonly StatementOptions _options = new(options);

    public override DbCommand CommandCreated(CommandEndEventData eventData, DbCommand result) =>
        result is ContextCommand
            ? result
            : new ContextCommand(result, _options, accessor: AccessorOf(eventData.Context))
            {
                // A provider may read the rows affected by each statement from the driver's own reader.
                IsDriversOwnReaderNeeded = eventData.CommandSource == CommandSource.SaveChanges,
            };

    private IContextAccessor? AccessorOf(DbContext? db) => _options.ContextAccessor is not null
        ? null
        : db?.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()
            ?.ApplicationServiceProvider?.GetService<IContextAccessor>();
}
