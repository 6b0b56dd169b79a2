using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// The body of a response as the handler has it. It stands before the server's own while the handler runs.
/// </summary>
/// <remarks>
/// <para>
/// It holds what the handler writes until the handler flushes, so that a response of Baton's starts from an
/// empty body. It notes each write that was canceled after the context had ended: the writers of ASP.NET Core
/// swallow that exception, and half a response would pass for a whole one.
/// </para>
/// <para>
/// One case leaves no such trace: a sequence is written as JSON, and its enumerator throws because of the
/// context. So JSON counts as whole only if all of its brackets are closed. JSON that is sent in one piece, which
/// most is, is kept, and looked at only if the context has ended.
/// </para>
/// <para>
/// The next request of the connection, or of the stream of HTTP/2, uses the object again, as it does the server's
/// own body. So a request that takes its context does not cost another one of these.
/// </para>
/// </remarks>
/*
   Held ──first flush──► Open      what is not JSON, or says its length
                    └──► Kept ──second piece──► Counted      JSON, whose first piece is still here
                    └─────────────────────────► Counted      JSON that was encoded before it came here
*/
[ContextCarrier]
internal sealed partial class ResponseBody : PipeWriter, IHttpResponseBodyFeature
{
    private enum Stage
    {
        Held,
        Open,
        Kept,
        Counted,
    }

    private RequestContext _request = null!;
    private HttpContext _http = null!;
    private IHttpResponseBodyFeature? _inner;

    /// <summary>The writer behind this one, once something was written to it.</summary>
    private PipeWriter? _writer;

    private ResponseStream? _stream;
    private HeldBytes _held;
    private JsonDepth _depth;

    /// <summary>Where the handler writes the next piece of JSON.</summary>
    private Memory<byte> _room;

    private Stage _stage;
    private ResponseKind _kind;

    /// <summary>Whether the last write was canceled, and that after the context had ended.</summary>
    private bool _isCanceled;

    /// <summary>Whether encoded JSON was written after the context had ended.</summary>
    private bool _isLate;

    /// <summary>Whether the response has gone to the server, or to middleware outside of <c>UseBaton()</c>.</summary>
    internal bool HasPassed { get; private set; }

    /// <summary>Whether the handler has written something, all of which is still here.</summary>
    internal bool IsHeld => !HasPassed && _held.Count > 0;

    /// <summary>Whether the handler has completed the response.</summary>
    internal bool IsComplete { get; private set; }

    public Stream Stream => _stream ??= new ResponseStream(this);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => Behind.CanGetUnflushedBytes;

    public override long UnflushedBytes => Behind.UnflushedBytes + (_stage == Stage.Held ? _held.Count : 0);

    /// <summary>What stands behind this.</summary>
    internal IHttpResponseBodyFeature Inner => _inner!;

    private PipeWriter Behind => _writer ??= Inner.Writer;

    /// <summary>Is the body of another request from now on, which has written nothing yet.</summary>
    internal void Renew(RequestContext request)
    {
        _request = request;
        _inner = null;
        _writer = null;
        _depth = default;
        _held.Clear();
        _room = default;
        _stage = Stage.Held;
        _isCanceled = _isLate = HasPassed = IsComplete = false;
    }

    /// <summary>Stands before the server's body from now on.</summary>
    internal void Enter(HttpContext http)
    {
        _http = http;
        _inner = http.Features[typeof(IHttpResponseBodyFeature)] as IHttpResponseBodyFeature;
        if (_inner is not null)
        {
            http.Features[typeof(IHttpResponseBodyFeature)] = this;
        }
    }

    /// <summary>Gives the server's body its place back.</summary>
    internal void Leave()
    {
        if (_inner is not null && _http.Features[typeof(IHttpResponseBodyFeature)] == this)
        {
            _http.Features[typeof(IHttpResponseBodyFeature)] = _inner;
        }
    }

    /// <summary>
    /// Whether a handler that has returned, and whose context has ended, left a part of the response out.
    /// </summary>
    internal bool IsCut()
    {
        if (IsComplete || !HasBody(_http) || (!HasPassed && _held.Count == 0))
        {
            return _isCanceled && !IsComplete;
        }

        switch (HasPassed ? _kind : ResponseKinds.Of(_http.Response))
        {
            case ResponseKind.Json:
                var depth = _depth;
                if (_stage is Stage.Held or Stage.Kept)
                {
                    depth.Add(_held.Span);
                }

                return !depth.IsClosed;
            case ResponseKind.EncodedJson:
                return _isCanceled || _isLate || !HasPassed;
            default:
                return _isCanceled;
        }
    }

    /// <summary>Gives the server what is held: the response is the handler's.</summary>
    internal void Release()
    {
        if (_stage == Stage.Held && _held.Count > 0)
        {
            Behind.Write(_held.Span);
        }

        Drop();
    }

    /// <summary>Releases a response whose last flush may have been canceled.</summary>
    internal async Task ReleaseAndFlushAsync()
    {
        Release();
        if (_isCanceled)
        {
            await Behind.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what is held. Code that still writes after the handler writes to the server.</summary>
    internal void Drop()
    {
        _held.Clear();
        _room = default;
        _stage = Stage.Open;
    }

    /// <summary>
    /// Notes that a write was canceled, which counts if the context has ended. Then something of the response is
    /// missing, unless the handler writes on.
    /// </summary>
    internal void NoteCanceled() => _isCanceled |= _request.HasEnded;

    private static bool HasBody(HttpContext http) =>
        !HttpMethods.IsHead(http.Request.Method)
        && ResponseWriter.CanHaveBody(http.Response.StatusCode);
}
