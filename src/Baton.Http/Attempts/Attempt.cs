namespace Baton.Http;

/// <summary>One send of a request: when it began, and the headers that were written for it.</summary>
/// <remarks>Two fields, because each call in progress holds it.</remarks>
internal readonly struct Attempt
{
    private readonly long _start;

    /// <summary>
    /// The name of the one header, <see cref="Written"/> headers, or the <see cref="Hop"/> that writes them;
    /// null if there are none. If somebody listens to calls, a <see cref="Told"/> around that.
    /// </summary>
    private readonly object? _sent;

    /// <summary>Begins an attempt that <see cref="Call.TryBegin"/> has let through.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The request.</param>
    /// <param name="outgoing">What the client writes.</param>
    /// <param name="isWatched">
    /// Whether a <see cref="HopProxy"/> sees each host that the request is sent to, and so has the headers
    /// written; else they are written now.
    /// </param>
    internal Attempt(Call call, HttpRequestMessage request, Outgoing outgoing, bool isWatched)
    {
        _start = call.Context.TimeProvider.GetTimestamp();
        _sent = isWatched
            ? Hop.Begin(request, call.Context, outgoing)
            : outgoing.DependsOnHost
                ? outgoing.Write(request, call.Context, Hop.NameOf(request))
                : outgoing.WriteTime(request, call.Context);
        if (CallEvents.Start(call.Context, request.RequestUri, request.Method.Method) is { } told)
        {
            _sent = new Told(told, _sent);
        }
    }

    /// <summary>Leaves the request as it was.</summary>
    internal void Erase(HttpRequestMessage request)
    {
        var sent = _sent;
        if (sent is Told told)
        {
            CallEvents.Stop(told.Call);
            sent = told.Sent;
        }

        switch (sent)
        {
            case string name:
                request.Headers.Remove(name);
                break;
            case Written written:
                written.Erase(request);
                break;
            case Hop hop:
                hop.End();
                break;
        }
    }

    /// <summary>How long the attempt has taken.</summary>
    internal TimeSpan Took(Context ctx) => ctx.TimeProvider.GetElapsedTime(_start);

    private sealed record Told(object Call, object? Sent);
}
