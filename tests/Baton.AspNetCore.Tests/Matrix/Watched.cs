using System.Threading.Channels;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>
/// A request in its handler, which does what the row tells it to and watches what becomes of it.
/// </summary>
internal sealed class Watched
{
    internal const string Live = "live";

    private readonly Channel<Func<HttpContext, Task>> _script =
        Channel.CreateUnbounded<Func<HttpContext, Task>>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpContext _http;
    private readonly CancellationToken _token;
    private readonly Context? _ctx;

    internal Watched(HttpContext http, Side side, CancellationToken end)
    {
        _http = http;
        _ctx = side == Side.Baton ? http.RequestContext : null;
        _token = _ctx?.Done ?? http.RequestAborted;
        _token.UnsafeRegister(static state => ((TaskCompletionSource)state!).SetResult(), _ended);
        end.UnsafeRegister(
            static state => ((ChannelWriter<Func<HttpContext, Task>>)state!).TryComplete(), _script.Writer);
    }

    /// <summary>Completes when the request has ended for its handler.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>What the request is to its handler now.</summary>
    internal string Fate => !_token.IsCancellationRequested ? Live : _ctx?.Cause switch
    {
        null => "canceled",
        RequestTimeoutException { TimeoutSource: var who } => $"request timeout, set by {who}",
        var cause => cause.Message,
    };

    /// <summary>Lets the handler do something, and waits until it has.</summary>
    internal async Task DoAsync(Func<HttpContext, Task> step)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(async http =>
        {
            try
            {
                await step(http);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        await WaitFor.Completion(done.Task);
    }

    /// <summary>Lets the handler do something, and does not wait.</summary>
    internal void Start(Func<HttpContext, Task> step) => Assert.True(_script.Writer.TryWrite(step));

    /// <summary>Lets the handler return, or throw, and waits until it has.</summary>
    internal Task ReturnAsync(Exception? instead = null)
    {
        _script.Writer.TryComplete(instead);
        return WaitFor.Completion(_over.Task);
    }

    /// <summary>The handler.</summary>
    internal async Task RunAsync()
    {
        try
        {
            await foreach (var step in _script.Reader.ReadAllAsync())
            {
                await step(_http);
            }
        }
        finally
        {
            _over.SetResult();
        }
    }
}
