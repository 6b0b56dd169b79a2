using System.Threading.Channels;

namespace Baton.Tests;

public sealed class SelectSendTests
{
    private readonly Channel<int> _channel = Channel.CreateBounded<int>(1);
    private readonly CancelableContext _ctx = Context.Background.WithCancel();

    [Fact]
    public async Task An_item_is_sent_if_there_is_room()
    {
        Assert.Equal(1, await Select.Done(_ctx).Send(_channel.Writer, 7));

        Assert.True(_channel.Reader.TryRead(out var item));
        Assert.Equal(7, item);
        Assert.False(_channel.Reader.TryRead(out _));
    }

    [Fact]
    public async Task An_item_is_sent_once_there_is_room()
    {
        _channel.Writer.TryWrite(1);
        var select = Select.Send(_channel.Writer, 2).Done(_ctx).AsTask();
        Assert.False(select.IsCompleted);

        Assert.True(_channel.Reader.TryRead(out _));

        Assert.Equal(0, await WaitFor.Result(select));
        Assert.True(_channel.Reader.TryRead(out var item));
        Assert.Equal(2, item);
        Assert.False(_channel.Reader.TryRead(out _));
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_losing_send_sends_nothing()
    {
        _channel.Writer.TryWrite(1);
        var select = Select.Send(_channel.Writer, 2).Done(_ctx).AsTask();
        _ctx.Cancel();
        Assert.Equal(1, await WaitFor.Result(select));

        Assert.True(_channel.Reader.TryRead(out _));

        Assert.False(_channel.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Of_two_sends_only_the_one_taken_sends()
    {
        var other = Channel.CreateBounded<int>(1);
        for (var i = 0; i < 1_000; i++)
        {
            var index = await Select.Send(_channel.Writer, i).Send(other.Writer, i);

            Assert.Equal(index == 0, _channel.Reader.TryRead(out _));
            Assert.Equal(index == 1, other.Reader.TryRead(out _));
        }
    }

    [Fact]
    public async Task A_completed_channel_is_ready_and_throws()
    {
        _channel.Writer.TryWrite(1);
        var waiting = Select.Send(_channel.Writer, 2).Done(_ctx).AsTask();
        _channel.Writer.Complete();

        await Assert.ThrowsAsync<ChannelClosedException>(() => WaitFor.Completion(waiting));
        await Assert.ThrowsAsync<ChannelClosedException>(Select.Send(_channel.Writer, 2).Done(_ctx).AsTask);
        await Assert.ThrowsAsync<ChannelClosedException>(Select.Send(_channel.Writer, 2).Default().AsTask);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_failed_channel_throws_with_its_exception_inside()
    {
        var mine = new IOException("cut");
        _channel.Writer.Complete(mine);

        var e = await Assert.ThrowsAsync<ChannelClosedException>(Select.Send(_channel.Writer, 2).AsTask);

        Assert.Same(mine, e.InnerException);
    }

    [Fact]
    public async Task Default_is_taken_while_there_is_no_room()
    {
        Assert.Equal(0, await Select.Send(_channel.Writer, 1).Default());
        Assert.Equal(1, await Select.Send(_channel.Writer, 2).Default());

        Assert.True(_channel.Reader.TryRead(out var item));
        Assert.Equal(1, item);
        Assert.False(_channel.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData(BoundedChannelFullMode.DropNewest, 3)]
    [InlineData(BoundedChannelFullMode.DropOldest, 3)]
    [InlineData(BoundedChannelFullMode.DropWrite, 1)]
    public async Task A_channel_that_drops_is_always_ready_and_drops_as_for_any_writer(
        BoundedChannelFullMode mode, int left)
    {
        var dropped = 0;
        var dropping = Channel.CreateBounded<int>(
            new BoundedChannelOptions(1) { FullMode = mode }, _ => dropped++);

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(0, await Select.Send(dropping.Writer, i).Default());
        }

        Assert.True(dropping.Reader.TryRead(out var item));
        Assert.Equal((left, 2), (item, dropped));
    }

    [Fact]
    public async Task A_select_may_receive_and_send_on_one_channel()
    {
        _channel.Writer.TryWrite(1);

        Assert.Equal(1, await Select.Send(_channel.Writer, 2).Receive(_channel.Reader, out var received));
        Assert.Equal(0, await Select.Send(_channel.Writer, 2).Receive(_channel.Reader));

        Assert.Equal(1, received.Item);
        Assert.Equal(1, _channel.Reader.Count);
    }
}
