using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Baton.ServerBench;

/// <summary>Asks the same over and over on one connection, several requests at a time.</summary>
internal sealed class MemoryClient(IDuplexPipe connection, string path)
{
    private const int Batch = 32;

    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n");

    private byte[] _batch = [];

    /// <summary>All answers are of one length, which the first one tells.</summary>
    private int _answer;

    /// <summary>Asks so often, rounded up to whole batches, and says how long it took.</summary>
    internal async Task<TimeSpan> AskAsync(int requests)
    {
        if (_answer == 0)
        {
            _answer = await AskFirstAsync();
            _batch = [.. Enumerable.Repeat(_request, Batch).SelectMany(static bytes => bytes)];
        }

        var start = Stopwatch.GetTimestamp();
        for (var asked = 0; asked < requests; asked += Batch)
        {
            await connection.Output.WriteAsync(_batch);
            var left = (long)_answer * Batch;
            while (left > 0)
            {
                var read = await connection.Input.ReadAsync();
                left -= read.Buffer.Length;
                connection.Input.AdvanceTo(read.Buffer.End);
            }

            if (left < 0)
            {
                throw new InvalidOperationException($"The answers of {path} are not all of one length.");
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private async Task<int> AskFirstAsync()
    {
        await connection.Output.WriteAsync(_request);
        while (true)
        {
            var read = await connection.Input.ReadAsync();
            var text = Encoding.ASCII.GetString(read.Buffer.ToArray());
            if (text.EndsWith("hello\n", StringComparison.Ordinal)
                || text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
            {
                connection.Input.AdvanceTo(read.Buffer.End);
                return text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
                    ? text.Length
                    : throw new InvalidOperationException($"{path} answers {text}");
            }

            connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
