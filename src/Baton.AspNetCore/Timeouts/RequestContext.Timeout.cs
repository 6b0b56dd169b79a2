using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>The request's deadline, and what ASP.NET Core's own feature for timeouts says of it.</summary>
internal sealed partial class RequestContext : IHttpRequestTimeoutFeature
{
    public CancellationToken RequestTimeoutToken
    {
        get
        {
            if (Rare.TimedOut is not { } token)
            {
                // ASP.NET Core has this token to tell a timeout from other ends.
                var source = new CancellationTokenSource();
                Done.UnsafeRegister(_ => CancelIfTimedOut(source), null);
                Rare.TimedOut = token = source.Token;
            }

            return token;
        }
    }

    public void DisableTimeout() => (Parent as LiftableContext)?.Lift();

    /// <summary>Makes a context with a deadline live, and shows the deadline to the application.</summary>
    private void Watch(RequestDeadline deadline)
    {
        LookFirst();
        if (deadline.Timeout is not null)
        {
            _http.Features[typeof(IHttpRequestTimeoutFeature)] = this;
        }

        if (deadline.Caller is not null)
        {
            _http.Response.OnStarting(
                static state => ((RequestContext)state).OnResponding(), this);
        }
    }

    private void CancelIfTimedOut(CancellationTokenSource source)
    {
        if (Err is DeadlineExceededException
            && Cause is RequestTimeoutException { TimeoutSource: not RequestTimeoutSource.Caller })
        {
            source.Cancel();
        }
    }

    private Task OnResponding()
    {
        if (Err is DeadlineExceededException
            && Cause is RequestTimeoutException { TimeoutSource: RequestTimeoutSource.Caller })
        {
            Responder.MarkByCaller(_http);
        }

        return Task.CompletedTask;
    }
}
