using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Baton.ServerBench;

/// <summary>
/// Connections in memory for Kestrel: pipes, whose other end is read and written by the one that connects.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory
{
    private static readonly PipeOptions s_options = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);

    private readonly List<Listener> _listeners = [];

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = new Listener(endpoint);
        _listeners.Add(listener);
        return new ValueTask<IConnectionListener>(listener);
    }

    /// <summary>Connects to the first endpoint of the server.</summary>
    internal IDuplexPipe Connect()
    {
        var (request, answer) = (new Pipe(s_options), new Pipe(s_options));
        var client = new Ends(answer.Reader, request.Writer);
        _listeners[0].Accept(new DefaultConnectionContext("memory")
        {
            Transport = new Ends(request.Reader, answer.Writer),
            Application = client,
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 1),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 2),
        });
        return client;
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Listener(EndPoint endpoint) : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _connections =
            Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(
            CancellationToken cancellationToken = default) =>
            await _connections.Reader.WaitToReadAsync(cancellationToken)
                && _connections.Reader.TryRead(out var connection)
                ? connection
                : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _connections.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();

        internal void Accept(ConnectionContext connection) => _connections.Writer.TryWrite(connection);
    }
}
