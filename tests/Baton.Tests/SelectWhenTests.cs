using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>Cases with <c>when: false</c>, which stand for a nil channel of Go.</summary>
public sealed class SelectWhenTests
{
    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly Channel<int> _channel = Channel.CreateUnbounded<int>();

    [Fact]
    public async Task A_case_that_takes_no_part_is_never_taken_and_keeps_its_index()
    {
        _channel.Writer.TryWrite(1);
        _ctx.Cancel();
        for (var i = 0; i < 100; i++)
        {
            var index = await Select
                .Receive(_channel.Reader, when: false)
                .Receive(_channel.Reader, out var received, when: false)
                .Send(_channel.Writer, 2, when: false)
                .Completed(Task.CompletedTask, when: false)
                .Done(_ctx);

            Assert.Equal(4, index);
            Assert.False(received.HasItem);
        }

        Assert.Equal(1, _channel.Reader.Count);
    }

    [Fact]
    public async Task A_case_that_takes_no_part_may_come_first_in_a_select()
    {
        _channel.Writer.TryWrite(1);

        Assert.Equal(1, await Select.Receive(_channel.Reader, when: false).Default());
        Assert.Equal(1, await Select.Receive(_channel.Reader, out _, when: false).Default());
        Assert.Equal(1, await Select.Send(_channel.Writer, 2, when: false).Default());
        Assert.Equal(1, await Select.Completed(Task.CompletedTask, when: false).Default());

        Assert.Equal(1, _channel.Reader.Count);
    }

    [Fact]
    public async Task A_case_that_takes_no_part_needs_no_channel_and_no_task()
    {
        ChannelReader<int>? reader = null;
        ChannelWriter<int>? writer = null;
        Task? task = null;
        var select = Select
            .Receive(reader, when: reader is not null)
            .Receive(reader, out var received, when: reader is not null)
            .Send(writer, 1, when: writer is not null)
            .Completed(task, when: task is not null)
            .Done(_ctx).AsTask();
        Assert.False(select.IsCompleted);

        _ctx.Cancel();

        Assert.Equal(4, await WaitFor.Result(select));
        Assert.False(received.HasItem);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_case_that_takes_no_part_is_not_waited_for()
    {
        var (quiet, loud) = (new CountingReader<int>(), new CountingReader<int>());
        var select = Select.Receive(quiet, when: false).Receive(loud, when: true).AsTask();

        quiet.Add(1);
        Assert.False(select.IsCompleted);
        Assert.Equal((0, 1), (quiet.WaitsEver, loud.WaitsEver));
        loud.Add(2);

        Assert.Equal(1, await WaitFor.Result(select));
        Assert.True(quiet.TryRead(out _));
    }

    [Fact]
    public void A_select_of_nothing_that_can_be_ready_waits_for_ever()
    {
        var select = Select.Receive(_channel.Reader, when: false).Done(Context.Background)
            .After(Timeout.InfiniteTimeSpan).AsTask();

        _channel.Writer.TryWrite(1);

        Assert.False(select.IsCompleted);
    }

    /// <summary>Each item and each end is one turn. A loop that does not wait makes more turns.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_loop_over_inputs_that_end_at_different_times_waits_in_every_turn(bool isLeftFirst)
    {
        var (left, right) = (new CountingReader<int>(), new CountingReader<int>());
        var turns = new List<(int Index, int? Item)>();
        var loop = LoopAsync();
        left.Add(1);
        await WaitFor.True(() => (left.Waiting, right.Waiting) == (1, 1));

        var (first, last) = isLeftFirst ? (left, right) : (right, left);
        first.End();
        await WaitFor.True(() => (first.Waiting, last.Waiting) == (0, 1));
        last.Add(2);
        await WaitFor.True(() => last.Waiting == 1);
        last.Add(3);
        await WaitFor.True(() => last.Waiting == 1);
        last.End();
        await WaitFor.Completion(loop);

        var (one, other) = isLeftFirst ? (0, 1) : (1, 0);
        Assert.Equal([(0, 1), (one, null), (other, 2), (other, 3), (other, null)], turns);

        async Task LoopAsync()
        {
            var (hasLeft, hasRight) = (true, true);
            while (hasLeft || hasRight)
            {
                var index = await Select
                    .Receive(left, out var fromLeft, when: hasLeft)
                    .Receive(right, out var fromRight, when: hasRight);
                var from = index == 0 ? fromLeft : fromRight;
                turns.Add((index, from.HasItem ? from.Item : null));
                hasLeft &= index != 0 || from.HasItem;
                hasRight &= index != 1 || from.HasItem;
            }
        }
    }
}
