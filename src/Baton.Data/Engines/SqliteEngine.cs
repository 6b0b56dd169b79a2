using System.Data.Common;
using System.Reflection;

namespace Baton.Data;

/// <summary>
/// SQLite through Microsoft.Data.Sqlite: the statement runs on the caller's thread, and its driver does not look
/// at tokens meanwhile. <c>sqlite3_interrupt</c> ends it.
/// </summary>
/// <remarks>
/// <c>sqlite3_interrupt</c> ends everything that its connection runs at that moment. The driver's methods are
/// found by name, so that applications without SQLite do not carry it.
/// </remarks>
internal sealed class SqliteEngine : Engine
{
    private static readonly MethodInfo? s_handle =
        Type.GetType("Microsoft.Data.Sqlite.SqliteConnection, Microsoft.Data.Sqlite")
            ?.GetProperty("Handle")?.GetMethod;

    private static readonly MethodInfo? s_interrupt =
        Type.GetType("SQLitePCL.raw, SQLitePCLRaw.core")?.GetMethod("sqlite3_interrupt");

    internal override string Name => "sqlite";

    internal override bool TakesContextToken => false;

    internal override void Cancel(ContextCommand command)
    {
        if (command.Inner.Connection is { } connection && s_handle?.Invoke(connection, null) is { } handle)
        {
            s_interrupt?.Invoke(null, [handle]);
        }
    }

    /// <summary>The driver gives no code but in its message: 9 is an interrupt, 5 and 6 a lock it waited for.</summary>
    internal override bool IsEnd(Exception e, bool isCanceled) =>
        e is OperationCanceledException
        || (e is DbException { Message: var text }
            && (text.StartsWith("SQLite Error 9:", StringComparison.Ordinal)
                || text.StartsWith("SQLite Error 5:", StringComparison.Ordinal)
                || text.StartsWith("SQLite Error 6:", StringComparison.Ordinal)));
}
