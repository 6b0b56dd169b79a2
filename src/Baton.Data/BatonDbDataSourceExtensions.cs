using Baton;
using Baton.Data;

namespace System.Data.Common;

/// <summary>Baton in a data source.</summary>
public static class BatonDbDataSourceExtensions
{
    /// <summary>A data source whose statements end when their context does.</summary>
    /// <remarks>
    /// <para>
    /// The context of a statement is the one that <see cref="BatonDbCommandExtensions.WithContext"/> gave it;
    /// otherwise the one whose <see cref="Context.Done"/> its token is; otherwise that of
    /// <see cref="BatonDataOptions.ContextAccessor"/>. A statement without any runs as it would without Baton.
    /// </para>
    /// <para>
    /// Connections, commands and readers of the result are Baton's, around those of
    /// <paramref name="dataSource"/>. Parameters, transactions and batches are the driver's own. For what only
    /// the driver's own connection can do, use <paramref name="dataSource"/> itself.
    /// </para>
    /// <para>Threads: as <paramref name="dataSource"/>. Disposing the result disposes it.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="dataSource"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="dataSource"/> is the result of an earlier call.
    /// </exception>
    public static DbDataSource WithBaton(
        this DbDataSource dataSource, Action<BatonDataOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        if (dataSource is ContextDataSource)
        {
            throw new ArgumentException(
                "This data source has been given WithBaton() already. Call it once, with all options.",
                nameof(dataSource));
        }

        var options = new BatonDataOptions();
        configure?.Invoke(options);
        return new ContextDataSource(dataSource, new StatementOptions(options));
    }
}
