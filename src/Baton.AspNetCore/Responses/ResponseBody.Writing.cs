using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Baton.AspNetCore;

/// <summary>What the handler does with the body.</summary>
internal sealed partial class ResponseBody
{
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_stage == Stage.Held)
        {
            return _held.Room(sizeHint);
        }

        if (_stage == Stage.Kept)
        {
            CountKept();
        }

        return _room = Behind.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        _stage == Stage.Open ? Behind.GetSpan(sizeHint) : GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_isCanceled && bytes > 0)
        {
            WriteOn();
        }

        if (_stage == Stage.Held)
        {
            _held.Advance(bytes);
            return;
        }

        if (_stage == Stage.Counted)
        {
            Count(_room.Span[..bytes]);
            _room = _room[bytes..];
        }

        Behind.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested && IsKeptBack())
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (IsUncertain())
        {
            return default;
        }

        if (_stage != Stage.Open && !cancellationToken.IsCancellationRequested)
        {
            Pass();
        }

        return Noted(Behind.FlushAsync(cancellationToken), cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            NoteCanceled();
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (_stage != Stage.Open)
        {
            return base.WriteAsync(source, cancellationToken);
        }

        if (_isCanceled)
        {
            WriteOn();
        }

        return Noted(Behind.WriteAsync(source, cancellationToken), cancellationToken);
    }

    public override void CancelPendingFlush() => Behind.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Pass();
        IsComplete = true;
        Behind.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Pass();
        IsComplete = true;
        return Behind.CompleteAsync(exception);
    }

    public Task CompleteAsync()
    {
        Pass();
        IsComplete = true;
        return Inner.CompleteAsync();
    }

    public void DisableBuffering() => Inner.DisableBuffering();

    /// <summary>
    /// Starts the response, unless the context has ended: then it is still to be seen whose response it will be. A
    /// response of gRPC is started: its server puts the status into the headers otherwise.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested && IsKeptBack())
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (!HasPassed && _request.HasEnded && !ResponseWriter.IsGrpc(_http))
        {
            return Task.CompletedTask;
        }

        Pass();
        return Inner.StartAsync(cancellationToken);
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested && IsKeptBack())
        {
            return Task.FromCanceled(cancellationToken);
        }

        Pass();
        _kind = ResponseKind.Other;
        Drop();
        var sending = Inner.SendFileAsync(path, offset, count, cancellationToken);
        return sending.IsCompletedSuccessfully || !cancellationToken.CanBeCanceled
            ? sending
            : NotedAsync(new ValueTask(sending)).AsTask();
    }

    /// <summary>Writes to the stream of the body: at once, whatever is held before it.</summary>
    internal ValueTask WriteToStreamAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            if (IsKeptBack())
            {
                return ValueTask.FromCanceled(cancellationToken);
            }
        }
        else if (!TryWrite(source.Span))
        {
            return default;
        }

        var writing = Inner.Stream.WriteAsync(source, cancellationToken);
        return writing.IsCompletedSuccessfully || !cancellationToken.CanBeCanceled ? writing : NotedAsync(writing);
    }

    internal Task FlushStreamAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            if (IsKeptBack())
            {
                return Task.FromCanceled(cancellationToken);
            }
        }
        else if (IsUncertain())
        {
            return Task.CompletedTask;
        }
        else
        {
            Pass();
        }

        var flushing = Inner.Stream.FlushAsync(cancellationToken);
        return flushing.IsCompletedSuccessfully || !cancellationToken.CanBeCanceled
            ? flushing
            : NotedAsync(new ValueTask(flushing)).AsTask();
    }

    /// <summary>Takes note of bytes for the server's stream; false if they are held instead.</summary>
    internal bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            WriteOn();
        }

        if (IsUncertain())
        {
            _held.Add(bytes);
            return false;
        }

        Pass();
        if (_stage != Stage.Open && !bytes.IsEmpty)
        {
            CountWritten(bytes);
        }

        return true;
    }

    /// <summary>Notes a write that was canceled before it began, and says whether the server must not see it.</summary>
    private bool IsKeptBack()
    {
        NoteCanceled();
        return !HasPassed;
    }

    /// <summary>
    /// Whether a response comes after the end of the context, and cannot be known to be whole: JSON that was
    /// encoded. Nothing of it goes out then.
    /// </summary>
    private bool IsUncertain() =>
        !HasPassed && _request.HasEnded && ResponseKinds.Of(_http.Response) == ResponseKind.EncodedJson;

    /// <summary>The handler goes on after a write was canceled, so it decides itself what the response is.</summary>
    /// <remarks>An encoder finishes its output after it has failed.</remarks>
    private void WriteOn() =>
        _isCanceled = _isCanceled && _http.Response.Headers.ContentEncoding.Count > 0;

    /// <summary>Gives the server what is held. From now on the response has begun.</summary>
    private void Pass()
    {
        if (!HasPassed)
        {
            HasPassed = true;
            _kind = ResponseKinds.Of(_http.Response);
        }

        if (_stage != Stage.Held)
        {
            return;
        }

        if (_held.Count > 0)
        {
            Behind.Write(_held.Span);
        }

        switch (_kind)
        {
            case ResponseKind.Json:
                _stage = _held.Count > 0 ? Stage.Kept : Stage.Held;
                break;
            case ResponseKind.EncodedJson:
                Drop();
                _stage = Stage.Counted;
                _isLate |= _request.HasEnded;
                break;
            default:
                Drop();
                break;
        }
    }

    private void CountWritten(ReadOnlySpan<byte> bytes)
    {
        if (_stage == Stage.Held)
        {
            _held.Add(bytes);
            _stage = Stage.Kept;
            return;
        }

        if (_stage == Stage.Kept)
        {
            CountKept();
        }

        Count(bytes);
    }

    private void CountKept()
    {
        _depth.Add(_held.Span);
        _held.Clear();
        _stage = Stage.Counted;
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        if (_kind == ResponseKind.Json)
        {
            _depth.Add(bytes);
        }
        else
        {
            _isLate |= _request.HasEnded;
        }
    }

    private ValueTask<FlushResult> Noted(ValueTask<FlushResult> writing, CancellationToken cancellationToken) =>
        writing.IsCompletedSuccessfully || !cancellationToken.CanBeCanceled ? writing : NotedAsync(writing);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> NotedAsync(ValueTask<FlushResult> writing)
    {
        try
        {
            return await writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            NoteCanceled();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask NotedAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            NoteCanceled();
            throw;
        }
    }
}
