using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Baton.Data;

/// <summary>
/// MariaDB and MySQL through MySqlConnector. MariaDB ends the statement by <c>max_statement_time</c>; for MySQL, and
/// where MariaDB cannot be given a limit, the driver's cancel ends it, in its turn.
/// </summary>
/// <remarks>
/// <para>
/// The limit stands in front of the statement, as <c>SET STATEMENT max_statement_time=… FOR</c>. It is one statement
/// with one result, and when it is over the server itself takes the limit back. The value is an expression, so a
/// limit that the session or the server has already stays if it is shorter, and nothing has to be read before.
/// </para>
/// <para>
/// MySQL knows a limit for <c>SELECT</c> alone, as a hint, and the hint would lengthen a shorter limit of the session's.
/// </para>
/// </remarks>
internal sealed class MySqlEngine : Engine
{
    private const string Setting = "max_statement_time";
    private const string Interrupted = "70100";
    private const int LimitPassed = 1969;

    internal override string Name => "mysql";

    /// <summary>The driver opens a connection on the thread that cancels the token, to kill the statement.</summary>
    internal override bool TakesContextToken => false;

    internal override bool MayHaveLimit(ContextCommand command) =>
        command is { IsPrepared: false, CommandType: CommandType.Text }
        && command.Inner.Connection is { State: ConnectionState.Open } connection
        && connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
        && MySqlText.IsOneStatement(command.CommandText);

    internal override void SetLimit(ContextCommand command, TimeSpan time)
    {
        var seconds = Seconds(time);
        command.Replace(
            $"SET STATEMENT {Setting}=IF(@@{Setting}=0,{seconds},LEAST(@@{Setting},{seconds})) FOR {command.CommandText}");
    }

    /// <summary>The driver's timeout is left alone: at its end the driver would open a connection to cancel.</summary>
    internal override void SetTimeout(ContextCommand command, TimeSpan time)
    {
    }

    internal override bool IsEnd(Exception e, bool isCanceled) =>
        e is OperationCanceledException
        || e is DbException { SqlState: Interrupted }
        || (isCanceled && e is TimeoutException or IOException or DbException { SqlState: null });

    /// <summary>The class of errors that an exception tells is that of a kill too; the driver notes the number.</summary>
    internal override bool IsLimit(Exception e) =>
        e is DbException { SqlState: Interrupted } && e.Data["Server Error Code"] is LimitPassed;

    /// <summary>
    /// The limit in seconds, rounded up to milliseconds. The server takes at most a year, and zero for none.
    /// </summary>
    private static string Seconds(TimeSpan time) => (Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 1, 31_536_000_000) / 1000)
        .ToString("0.000", CultureInfo.InvariantCulture);
}
