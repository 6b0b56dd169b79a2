using System.Diagnostics.Metrics;

namespace Baton.Tests.Deadlines;

/// <summary>What the meter "Baton" says of deadlines.</summary>
[Collection(nameof(Alone))]
public sealed class DeadlineMeterTests
{
    private readonly List<double> _lateness = [];
    private long? _live;

    [Fact]
    public void The_lateness_of_each_deadline_that_ends_a_context_is_measured_in_seconds()
    {
        var clock = new ManualClock();
        using var listener = Listen();
        using var late = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(2));
        using var later = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(3));
        using var other = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(9));

        clock.Time = TimeSpan.FromSeconds(5);
        clock.Fire();

        Assert.True(late.IsDone && later.IsDone && !other.IsDone);
        Assert.Equal([2.0, 3.0], _lateness.Order());
    }

    [Fact]
    public void The_contexts_have_ended_when_the_listener_is_called_and_one_that_throws_harms_nothing()
    {
        var clock = new ManualClock();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(2));
        using var next = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(4));
        var wasDone = false;
        using var listener = Listen(() =>
        {
            wasDone = ctx.IsDone;
            throw new InvalidOperationException("a listener of the application");
        });

        clock.Time = TimeSpan.FromSeconds(2);
        clock.Fire();
        clock.Time = TimeSpan.FromSeconds(4);
        clock.Fire();

        Assert.True(wasDone);
        Assert.True(next.IsDone);
    }

    [Fact]
    public void The_deadlines_that_wait_on_the_systems_clock_can_be_observed()
    {
        using var listener = Listen();
        listener.RecordObservableInstruments();
        var before = _live;
        using (Context.Background.WithTimeout(TimeSpan.FromHours(1)))
        {
            listener.RecordObservableInstruments();
            Assert.Equal(before + 1, _live);
        }

        listener.RecordObservableInstruments();
        Assert.Equal(before, _live);
    }

    private MeterListener Listen(Action? onLateness = null)
    {
        // The instruments are made with the queue of the system's clock.
        Context.Background.WithTimeout(TimeSpan.FromHours(1)).Dispose();
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Baton")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            Assert.Equal(("baton.deadline.lateness", "s"), (instrument.Name, instrument.Unit));
            _lateness.Add(value);
            onLateness?.Invoke();
        });
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) =>
        {
            Assert.Equal(("baton.deadline.live", "{deadline}"), (instrument.Name, instrument.Unit));
            _live = value;
        });
        listener.Start();
        return listener;
    }
}
