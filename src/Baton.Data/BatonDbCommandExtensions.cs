using Baton;
using Baton.Data;

namespace System.Data.Common;

/// <summary>Baton in a command.</summary>
public static class BatonDbCommandExtensions
{
    /// <summary>Gives a command the context that its next executions run under.</summary>
    /// <remarks>
    /// For synchronous calls, and for calls that are given another token. The command's context goes before
    /// the one behind a token. <see cref="Context.Background"/> lifts every limit from the command.
    /// </remarks>
    /// <returns>The command itself.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The command is not of a data source with <c>WithBaton()</c>.
    /// </exception>
    public static DbCommand WithContext(this DbCommand command, Context ctx)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(ctx);
        if (command is not ContextCommand own)
        {
            throw new ArgumentException(
                $"A {command.GetType().Name} cannot have a context. "
                + "Take the command from dataSource.WithBaton() or from one of its connections.",
                nameof(command));
        }

        own.Context = ctx;
        return own;
    }
}
