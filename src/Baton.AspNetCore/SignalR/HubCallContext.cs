using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The context of one call of a hub.</summary>
/// <remarks>
/// The scope of the call hands it out, and must not end it when the scope is disposed: a stream goes on. So it is kept.
/// </remarks>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class HubCallContext(Context connection, HubCall call)
    : ServedContext(connection)
{
    private WatchedRequest? _watched;
    private volatile bool _isOver;

    internal HubCall Call => call;

    internal override string? Route => call.Name;

    internal override bool IsHub => true;

    internal override Endpoint? Endpoint => null;

    internal override bool IsOver => _isOver;

    internal override Context? EndedContext => Cause is null or RequestCompletedException ? null : this;

    internal override Context ValueSource => this;

    internal override WatchedRequest? Watched => Volatile.Read(ref _watched);

    internal override DeadlineContext? Due { get; } = connection.Due;

    internal override bool TryFollow(WatchedRequest watched, WatchedRequest? before) =>
        Interlocked.CompareExchange(ref _watched, watched, before) == before;

    /// <summary>Ends the context, because the call is over.</summary>
    internal void Complete()
    {
        Watched?.Ended();
        _isOver = true;
        Cancel(new RequestCompletedException());
    }

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel");

    private protected override bool IsServed => !_isOver;
}
