using Baton.Data;
using Baton.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Baton in a <see cref="DbContext"/>.</summary>
public static class BatonDbContextOptionsBuilderExtensions
{
    /// <summary>Ends the statements of this <see cref="DbContext"/> when their context ends.</summary>
    /// <remarks>
    /// <para>
    /// The context of a statement is the one whose token the call was given:
    /// <c>await db.Orders.ToListAsync(ctx)</c>. A synchronous call, and a call whose token is not a context's,
    /// takes that of <see cref="BatonDataOptions.ContextAccessor"/>, or of the accessor that the application
    /// has registered. Without any, the statement runs as it would without Baton.
    /// </para>
    /// <para>
    /// Call it after the method that names the database, because it wraps the execution strategy that is set
    /// there. Called again, it changes nothing: the first options stay. Other interceptors see Baton's command
    /// in place of the driver's, so they must not cast it to the driver's type.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// No relational database has been named on <paramref name="builder"/> yet.
    /// </exception>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder AddBaton<TBuilder>(
        this TBuilder builder, Action<BatonDataOptions>? configure = null)
        where TBuilder : DbContextOptionsBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = builder.Options.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault()
            ?? throw new InvalidOperationException(
                "AddBaton() follows the method that names the database, and none has been called. "
                + "Write options.UseNpgsql(connection).AddBaton(), or the like for another database.");
        var interceptors = builder.Options.FindExtension<CoreOptionsExtension>()?.Interceptors;
        if (interceptors?.Any(static interceptor => interceptor is CommandInterceptor) == true)
        {
            return builder;
        }

        var options = new BatonDataOptions();
        configure?.Invoke(options);
        if (database.ExecutionStrategyFactory is { } strategy)
        {
            ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(
                database.WithExecutionStrategyFactory(made => new ContextExecutionStrategy(strategy(made))));
        }

        builder.AddInterceptors(
            new CommandInterceptor(options), new ConnectionInterceptor(), new TransactionInterceptor());
        return builder;
    }
}
