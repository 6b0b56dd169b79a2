using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>Two ends of one request at the same moment: the first one stays, in every view.</summary>
public sealed class CauseRaceTests
{
    private const int Rounds = 100;

    private static readonly string[] s_ends =
        ["disconnect", "timeout", "shutdown", "base", "cancel", "abort", "complete"];

    public static TheoryData<string, string> Pairs =>
        [.. s_ends.SelectMany((first, i) => s_ends.Skip(i + 1).Select(second => (first, second)))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task One_of_the_two_is_the_cause_for_ever(string first, string second)
    {
        var seen = new HashSet<string>();
        using var gate = new Barrier(2);
        for (var i = 0; i < Rounds; i++)
        {
            using var request = new Request();
            var child = request.Context.WithCancel();
            var other = Task.Factory.StartNew(
                () =>
                {
                    gate.SignalAndWait();
                    request.End(second);
                },
                TaskCreationOptions.LongRunning);
            gate.SignalAndWait();
            request.End(first);
            await WaitFor.Completion(other);

            var cause = request.Context.Cause!;
            Assert.Same(cause, child.Cause);
            Assert.Same(cause, request.Context.Cause);
            Assert.Equal(cause is RequestTimeoutException, request.Context.Err is DeadlineExceededException);
            Assert.True(request.Matches(first, cause) || request.Matches(second, cause),
                $"{first} and {second} gave {cause}");
            seen.Add(request.Matches(first, cause) ? first : second);
        }

        Assert.NotEmpty(seen);
    }

    /// <summary>As a test's clock does that another thread moves on: who asks what time it is runs what is due.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_runs_the_deadline_when_it_is_asked_for_the_time_stops_no_end(bool hasChild)
    {
        var clock = new ClockThatGoesOn();
        var request = new Request(clock);
        var child = hasChild ? request.Context.WithCancel() : null;

        var ending = Task.Factory.StartNew(
            () =>
            {
                clock.GoesOnFor = Thread.CurrentThread;
                request.End("shutdown");
            },
            TaskCreationOptions.LongRunning);
        await WaitFor.Completion(ending);

        Assert.IsType<ServerShutdownException>(request.Context.Cause);
        Assert.True(child?.IsDone ?? true);
        Assert.Null(clock.GoesOnFor);

        // Not where the test has failed: that would wait for the same end.
        request.Dispose();
    }

    /// <summary>Moves on by a second when a thread asks what time it is, once.</summary>
    private sealed class ClockThatGoesOn : FakeTimeProvider
    {
        internal Thread? GoesOnFor { get; set; }

        public override long GetTimestamp()
        {
            if (GoesOnFor == Thread.CurrentThread)
            {
                GoesOnFor = null;
                Advance(TimeSpan.FromSeconds(1));
            }

            return base.GetTimestamp();
        }
    }

    /// <summary>A request without a server, and all that can end it.</summary>
    private sealed class Request : IDisposable
    {
        private readonly FakeTimeProvider _clock;
        private readonly CancellationTokenSource _disconnect = new();
        private readonly CancelableContext _base;
        private readonly BatonServer _server;
        private readonly RequestContext _context;
        private readonly InvalidOperationException _cause = new("base"), _given = new("given");

        internal Request(FakeTimeProvider? clock = null)
        {
            _clock = clock ?? new FakeTimeProvider();
            _base = Baton.Context.Root(_clock).WithCancel();
            _server = new ServiceCollection().AddBaton(options =>
            {
                options.BaseContext = _base;
                options.Timeout = TimeSpan.FromSeconds(1);
            }).BuildServiceProvider().GetRequiredService<BatonServer>();
            var http = new DefaultHttpContext { RequestAborted = _disconnect.Token };
            http.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            var plan = _server.Plans.Of(null);
            _context = RequestContext.At(http, _server);
            _context.Begin(plan, _server.Context, new RequestDeadline(plan.Timeout, null));
        }

        internal CancelableContext Context => _context;

        internal void End(string how)
        {
            switch (how)
            {
                case "disconnect":
                    _disconnect.Cancel();
                    break;
                case "timeout":
                    _clock.Advance(TimeSpan.FromSeconds(1));
                    break;
                case "shutdown":
                    _server.End(new ServerShutdownException());
                    break;
                case "base":
                    _base.Cancel(_cause);
                    break;
                case "cancel":
                    Context.Cancel(_given);
                    break;
                case "abort":
                    _context.Abort();
                    break;
                default:
                    _context.Complete();
                    break;
            }
        }

        public void Dispose()
        {
            _server.Dispose();
            _base.Dispose();
            _disconnect.Dispose();
        }

        internal bool Matches(string how, Exception cause) => how switch
        {
            "disconnect" => cause is ClientDisconnectedException,
            "timeout" => cause is RequestTimeoutException,
            "shutdown" => cause is ServerShutdownException,
            "base" => cause == _cause,
            "cancel" => cause == _given,
            "abort" => cause is RequestAbortedException,
            _ => cause is RequestCompletedException,
        };
    }
}
