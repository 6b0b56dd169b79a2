using System.Net;

namespace Baton.Http.Tests;

/// <summary>A body of one byte that counts how often it was disposed.</summary>
internal sealed class CountedContent : HttpContent
{
    internal int Disposals { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        stream.WriteByte(1);
        return Task.CompletedTask;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 1;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Disposals++;
        base.Dispose(disposing);
    }
}
