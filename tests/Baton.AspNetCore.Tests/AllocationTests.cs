using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Baton.AspNetCore.Tests;

/// <summary>A request that never asks for its context pays nothing for it.</summary>
public sealed class AllocationTests
{
    private const int Requests = 1000;

    /// <summary>How often each of them comes: a hundred thousand requests in all.</summary>
    private const int Rounds = 100;

    [Fact]
    public void A_request_that_never_asks_and_is_answered_at_once_allocates_nothing() =>
        Assert.Equal(0, BytesFor(static _ => Task.CompletedTask));

    [Fact]
    public void A_request_that_never_asks_and_is_answered_later_allocates_nothing()
    {
        var answers = new Queue<Task>(
            Enumerable.Range(0, (Rounds + 1) * Requests).Select(static _ => new TaskCompletionSource().Task));

        Assert.Equal(0, BytesFor(_ => answers.Dequeue()));
    }

    [Fact]
    public void The_measure_sees_a_request_that_asks() =>
        Assert.NotEqual(
            0, BytesFor(static http => http.RequestContext.IsDone ? Task.CompletedTask : Task.FromResult(0)));

    [Fact]
    public void The_task_of_the_rest_of_the_pipeline_is_passed_on_as_it_is()
    {
        var answer = new TaskCompletionSource();
        var app = new ApplicationBuilder(new ServiceCollection().AddBaton().BuildServiceProvider());
        app.UseBaton();
        app.Run(_ => answer.Task);

        Assert.Same(answer.Task, app.Build()(new DefaultHttpContext()));
    }

    /// <summary>
    /// What <c>UseBaton()</c> allocates: first for fresh requests, then for reused ones, as Kestrel has them.
    /// </summary>
    private static long BytesFor(RequestDelegate handler)
    {
        var app = new ApplicationBuilder(new ServiceCollection().AddBaton().BuildServiceProvider());
        app.UseBaton();
        app.Run(handler);
        var pipeline = app.Build();
        var endpoint = new Endpoint(
            handler, new EndpointMetadataCollection(new Parameter()), "takes no context");
        var requests = new DefaultHttpContext[Requests];
        for (var i = 0; i < Requests; i++)
        {
            requests[i] = new DefaultHttpContext();
            requests[i].SetEndpoint(endpoint);
        }

        var warm = new DefaultHttpContext();
        warm.SetEndpoint(endpoint);
        for (var i = 0; i < Requests; i++)
        {
            _ = pipeline(warm);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var request in requests)
            {
                _ = pipeline(request);
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Parameter : IParameterBindingMetadata
    {
        public string Name => ParameterInfo.Name!;

        public bool HasTryParse => false;

        public bool HasBindAsync => false;

        public bool IsOptional => false;

        public ParameterInfo ParameterInfo { get; } =
            typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!.GetParameters()[0];
    }
}
