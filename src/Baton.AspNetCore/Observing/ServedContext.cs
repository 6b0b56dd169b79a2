using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>
/// The context of what a server does for a client, as a watcher follows it: a request, or a call of a hub.
/// </summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal abstract class ServedContext : CancelableContext
{
    /// <summary>
    /// When something ended the context while the handler ran, as a timestamp of the context's clock.
    /// </summary>
    private long _doneAt;

    private protected ServedContext(Context parent)
        : base(parent, Kept | HasLateEnd)
    {
    }

    /// <summary>The pattern of the route, or the hub and its method; null if there is none.</summary>
    internal abstract string? Route { get; }

    /// <summary>Whether it is one of a hub of SignalR, or a call of one.</summary>
    internal abstract bool IsHub { get; }

    /// <summary>The endpoint of a request; null if it has none, and of a call.</summary>
    internal abstract Endpoint? Endpoint { get; }

    /// <summary>Whether the handler has returned.</summary>
    internal abstract bool IsOver { get; }

    /// <summary>The context that has ended while the handler ran: this one, or one derived from it. Null: none.</summary>
    internal abstract Context? EndedContext { get; }

    /// <summary>What has the values.</summary>
    internal abstract Context ValueSource { get; }

    /// <summary>
    /// How long ago something ended the context while the handler ran. Counted on the monotonic clock. Ask
    /// only if <see cref="EndedContext"/> is not null. Zero if the handler has returned before the end was noted:
    /// the thread that ends the context may be between the two.
    /// </summary>
    internal TimeSpan Overrun => EndedContext is { Err: DeadlineExceededException, Due: { } due }
        ? due.Overrun
        : Volatile.Read(ref _doneAt) is not 0 and var doneAt ? TimeProvider.GetElapsedTime(doneAt) : TimeSpan.Zero;

    /// <summary>What a watcher knows of it; null if it is not watched.</summary>
    internal abstract WatchedRequest? Watched { get; }

    /// <summary>Lets a watcher follow it, in the place of a watcher that has left.</summary>
    /// <remarks>
    /// The handler may return on its own thread meanwhile, and not tell <paramref name="watched"/>: look at
    /// <see cref="IsOver"/> afterwards, and again now and then.
    /// </remarks>
    /// <param name="watched">What is told of the end.</param>
    /// <param name="before">What <see cref="Watched"/> gave; null if nothing followed.</param>
    /// <returns>False if another thread has set one meanwhile.</returns>
    internal abstract bool TryFollow(WatchedRequest watched, WatchedRequest? before);

    /// <summary>Whether the handler runs, so that an end is one that it has to react to.</summary>
    private protected abstract bool IsServed { get; }

    /// <summary>Notes when the context ended. The clock may be the application's, and run what is due.</summary>
    private protected override void Wake()
    {
        if (IsServed)
        {
            Volatile.Write(ref _doneAt, TimeProvider.GetTimestamp());
        }
    }
}
