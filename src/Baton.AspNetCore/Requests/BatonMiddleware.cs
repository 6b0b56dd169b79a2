using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// Gives a request its context; ends the context when the handler has returned, and responds if the handler
/// has left because of its end.
/// </summary>
/// <remarks>
/// A request may be looked at for the first time between two awaits of its handler. So where the handler does
/// not return at once, there is a task around it, and nothing depends on when the look comes. Where it does
/// return at once, which it does where it has nothing to wait for, its own task is passed on.
/// </remarks>
internal sealed class BatonMiddleware(RequestDelegate next, BatonServer server)
{
    internal Task InvokeAsync(HttpContext http)
    {
        var ctx = RequestContext.At(http, server);
        if (ctx.IsRunning)
        {
            // There are two of this middleware, and the outer one takes care of the request.
            return next(http);
        }

        var plan = server.Plans.Of((http.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint);
        Context parent;
        RequestDeadline deadline;
        if (ctx.IsOver)
        {
            ctx = ctx.RunAgain(out parent);
            deadline = server.Deadlines.OfSecondRun(plan);
        }
        else
        {
            parent = server.Edge.Derive(http, ctx);
            deadline = server.Deadlines.Of(http, plan);
        }

        if (deadline.Caller is { } time && (time < server.Options.MinTimeout || time == TimeSpan.Zero))
        {
            return RefuseAsync(http, ctx, plan, parent, time);
        }

        ctx.Begin(plan, parent, deadline);
        ctx.Body.Enter(http);
        return Finish(Run(http, plan, ctx), ctx);
    }

    private Task Run(HttpContext http, RequestPlan plan, RequestContext ctx)
    {
        try
        {
            var running = plan.Fault is { } fault ? throw new InvalidOperationException(fault)
                : plan.IsHub ? HubFlow.Run(http, ctx, next)
                : next(http);
            if (plan.Endpoint is null)
            {
                server.Advice.OnUnrouted(http, plan);
            }

            return running;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    private static Task Finish(Task running, RequestContext ctx)
    {
        if (running.IsCompleted && ctx.TryLeaveUnseen())
        {
            return running;
        }

        if (!running.IsCompletedSuccessfully || ctx.EndedBehind(running) is not null)
        {
            return FinishAsync(running, ctx);
        }

        ctx.Leave();
        ctx.Body.Release();
        ctx.Complete();
        return running;
    }

    /// <summary>
    /// Waits for as long as the handler does, so it holds two objects and no more: the context knows the
    /// rest.
    /// </summary>
    private static async Task FinishAsync(Task running, RequestContext ctx)
    {
        // What the handler threw is looked at, and thrown on only if there is no response to it here: of requests
        // that clients reset by the thousand, a throw and a catch would be the most of the cost.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ctx.AdviseOnRouting();
        if (ctx.TryLeaveUnseen())
        {
            await running.ConfigureAwait(false);
            return;
        }

        try
        {
            await Respond(running, ctx).ConfigureAwait(false);
        }
        finally
        {
            ctx.Complete();
        }
    }

    /// <summary>The handler has returned or thrown. Deliberately not async: see <see cref="FinishAsync"/>.</summary>
    private static Task Respond(Task running, RequestContext ctx)
    {
        var ended = ctx.EndedBehind(running);
        var http = ctx.Leave();
        var responder = ctx.Plan.Server.Responder;
        responder.Report(http, ended ?? ctx);
        if (ended is not null)
        {
            return responder.RespondAsync(http, ctx, ended, running);
        }

        if (!running.IsCompletedSuccessfully && Errors.ShortageOf(running) is { } shortage)
        {
            return responder.RefuseLateAsync(http, ctx, shortage, running);
        }

        ctx.Body.Release();
        return Errors.ThrowFirst(running);
    }

    /// <summary>Responds to a request whose caller leaves too little time to run the handler.</summary>
    private async Task RefuseAsync(
        HttpContext http, RequestContext ctx, RequestPlan plan, Context parent, TimeSpan time)
    {
        var cause = new RequestTimeoutException(RequestTimeoutSource.Caller, time);
        ctx.Begin(plan, parent.WithTimeout(TimeSpan.Zero, cause), RequestDeadline.None);
        server.Observer.Refused(plan, time);
        ctx.Leave();
        try
        {
            await server.Responder.RefuseAsync(http, plan, cause).ConfigureAwait(false);
        }
        finally
        {
            ctx.Complete();
        }
    }
}
