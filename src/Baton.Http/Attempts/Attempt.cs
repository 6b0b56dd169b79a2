using System.Net;

namespace Baton.Http;

/// <summary>One send of a request, from the headers that are written for it to the response or the failure.</summary>
/// <remarks>One field: each call in progress holds it.</remarks>
internal readonly struct Attempt
{
    private readonly Call _call;
    private readonly HttpRequestMessage _request;
    private readonly long _start;
    private readonly Hop? _hop;
    private readonly Written _written;

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
        _call = call;
        _request = request;
        _start = call.Context.TimeProvider.GetTimestamp();
        if (isWatched)
        {
            _hop = Hop.Begin(request, call.Context, outgoing);
        }
        else
        {
            _written = outgoing.Write(request, call.Context, Hop.NameOf(request));
        }
    }

    /// <summary>The request was answered.</summary>
    internal void End(HttpStatusCode status)
    {
        Erase();
        _call.End(status, _call.Context.TimeProvider.GetElapsedTime(_start));
    }

    /// <summary>The request was not answered.</summary>
    internal void End(Exception e)
    {
        Erase();
        _call.End(e);
    }

    private void Erase()
    {
        _hop?.End();
        _written.Erase(_request);
    }
}
