using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Baton.AspNetCore.Tests;

/// <summary>A request that never asks for its context pays nothing for it.</summary>
public sealed class AllocationTests
{
    private const int Requests = 1000;

    /// <summary>How often each of them comes: a hundred thousand requests in all.</summary>
    private const int Rounds = 100;

    /// <summary>
    /// The objects that requests use again are held weakly, so a collection during the measurement makes some of
    /// them anew. Such a measurement is repeated.
    /// </summary>
    [Fact]
    public void A_request_that_never_asks_and_returns_at_once_allocates_nothing()
    {
        long bytes;
        int collections;
        do
        {
            collections = GC.CollectionCount(0);
            bytes = BytesFor(static _ => Task.CompletedTask);
        }
        while (bytes > 0 && GC.CollectionCount(0) != collections);

        Assert.Equal(0, bytes);
    }

    /// <summary>
    /// Its handler may look between any two awaits, so there is a task around it, and nothing else.
    /// </summary>
    [Fact]
    public void A_request_that_never_asks_and_returns_later_allocates_one_task()
    {
        var later = new TaskCompletionSource[Rounds * Requests];
        for (var i = 0; i < later.Length; i++)
        {
            later[i] = new TaskCompletionSource();
        }

        var next = 0;
        var bytes = BytesFor(
            _ => next < later.Length ? later[next].Task : Task.CompletedTask,
            () => later[next++].SetResult());

        Assert.InRange(bytes / (Rounds * Requests), 1, 160);
    }

    [Fact]
    public void The_measure_sees_a_request_that_asks() =>
        Assert.NotEqual(
            0, BytesFor(static http => http.RequestContext.Err is null ? Task.CompletedTask : http.Response.StartAsync()));

    [Fact]
    public void The_task_of_the_rest_of_the_pipeline_is_passed_on_as_it_is_if_it_is_over()
    {
        var app = new ApplicationBuilder(new ServiceCollection().AddBaton().BuildServiceProvider());
        Task answer = Task.FromResult(1);
        app.UseBaton();
        app.Run(_ => answer);

        Assert.Same(answer, app.Build()(new DefaultHttpContext()));
    }

    /// <summary>
    /// What <c>UseBaton()</c> allocates for requests whose <see cref="HttpContext"/> is used again and again, as a
    /// server does it for one connection.
    /// </summary>
    private static long BytesFor(RequestDelegate handler, Action? complete = null)
    {
        var app = new ApplicationBuilder(new ServiceCollection().AddBaton().BuildServiceProvider());
        var isWarm = false;
        app.UseBaton();
        app.Run(http => isWarm ? handler(http) : Task.CompletedTask);
        var pipeline = app.Build();
        var endpoint = new Endpoint(
            handler, new EndpointMetadataCollection(new Parameter()), "takes no context");
        var requests = new DefaultHttpContext[Requests];
        for (var i = 0; i < Requests; i++)
        {
            requests[i] = new DefaultHttpContext();
            requests[i].SetEndpoint(endpoint);
            _ = pipeline(requests[i]);
        }

        isWarm = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var request in requests)
            {
                _ = pipeline(request);
                complete?.Invoke();
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
