using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// Gives a request its context, if it asks or has a deadline; ends the context when the handler has returned,
/// and answers what the handler has left unanswered because of its end.
/// </summary>
/// <remarks>
/// <para>
/// A request that never asks is to cost nothing, so there is no state machine around it: the task of the rest
/// of the pipeline is passed on as it is. A request has asked if its endpoint takes a <see cref="Context"/>
/// or a token, which its metadata says, or if the context has started by the time the task is there. A
/// request that asks later, between two awaits, is ended by the server's own callback, when it has sent the
/// answer; from then on the requests of its endpoint are looked after to their end.
/// </para>
/// <para>
/// A parameter is bound through the request's services, because that is what both kinds of minimal API, made
/// at run time or by the source generator, do with the type of a service; and neither takes it for the body
/// then. The binder of a parameter's own type would be a member of <see cref="Context"/>, which knows nothing
/// of HTTP.
/// </para>
/// </remarks>
internal sealed class BatonMiddleware(RequestDelegate next, BatonServer server)
{
    internal Task InvokeAsync(HttpContext http)
    {
        if (RequestContext.Find(http) is { } earlier)
        {
            if (!earlier.IsOver)
            {
                // There are two of this middleware, and the outer one sees to it.
                return next(http);
            }

            // It belongs to an earlier run of the pipeline: this one answers for its error.
            earlier.Withdraw(http);
        }

        var plan = server.PlanOf(http.Features.Find<IEndpointFeature>()?.Endpoint);
        if (plan.Fault is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        var deadline = new RequestDeadline(plan.Timeout, server.Callers.Read(http));
        if (!deadline.IsNone && server.IsDebugged)
        {
            deadline = RequestDeadline.None;
        }

        if (deadline.Caller is { } budget && (budget < server.Options.MinTimeout || budget == TimeSpan.Zero))
        {
            return server.Answers.RefuseAsync(http, plan, budget);
        }

        return plan.TakesContext || !deadline.IsNone ? Run(http, plan, deadline) : RunUnasked(http, plan);
    }

    private Task Run(HttpContext http, RequestPlan plan, RequestDeadline deadline)
    {
        var ctx = RequestContext.Start(http, plan, deadline);
        Task running;
        try
        {
            if (plan.TakesContextFromServices)
            {
                ctx.Serve(http);
            }

            running = plan.IsHub ? HubConnection.Run(http, plan, next) : next(http);
        }
        catch (Exception e)
        {
            running = Task.FromException(e);
        }

        return Finish(running, ctx);
    }

    private Task RunUnasked(HttpContext http, RequestPlan plan)
    {
        http.Features.Put(plan);
        Task running;
        RequestContext? started;
        var watch = new RequestWatch(http);
        try
        {
            running = next(http);
        }
        catch (Exception e) when (watch.Started is not null)
        {
            running = Task.FromException(e);
        }
        finally
        {
            started = watch.Started;
            watch.Dispose();
        }

        if (started is not null)
        {
            return Finish(running, started);
        }

        return plan.AsksLate && !running.IsCompleted ? FinishIfAskedAsync(http, running) : running;
    }

    private static Task Finish(Task running, RequestContext ctx)
    {
        if (!running.IsCompletedSuccessfully || ctx.IsDone)
        {
            return FinishAsync(running, ctx);
        }

        ctx.Leave();
        ctx.Complete();
        return running;
    }

    private static async Task FinishIfAskedAsync(HttpContext http, Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The request is back in the hands of whoever called the middleware: it may be looked at again.
        await (RequestContext.Find(http) is { IsOver: false } ctx
            ? Finish(running, ctx)
            : running).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for as long as the handler does, so it holds two objects and no more: the context knows the
    /// rest.
    /// </summary>
    private static async Task FinishAsync(Task running, RequestContext ctx)
    {
        try
        {
            // What it threw is looked at, and thrown on only if it is not for here: of requests that clients
            // reset by the thousand, a throw and a catch would be the most of the cost.
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var ended = Ended(running, ctx);
            var http = ctx.Leave();
            ctx.Plan.Server.Answers.Report(http, ctx);
            await (ended is null
                ? running
                : ctx.Plan.Server.Answers.AnswerAsync(
                    http, ctx.Plan, ended, !running.IsCompletedSuccessfully)).ConfigureAwait(false);
        }
        finally
        {
            ctx.Complete();
        }
    }

    /// <summary>
    /// The context whose end the handler has come to; null if it has not, or has failed otherwise.
    /// </summary>
    private static Context? Ended(Task ran, RequestContext ctx)
    {
        if (ran.IsCompletedSuccessfully)
        {
            return ctx.IsDone ? ctx : null;
        }

        // An exception made of a canceled task has its token, and is thrown by nobody.
        return ran.IsCanceled ? ctx.EndedBehind(new TaskCanceledException(ran))
            : ran.Exception!.InnerException is OperationCanceledException thrown ? ctx.EndedBehind(thrown)
            : null;
    }
}
