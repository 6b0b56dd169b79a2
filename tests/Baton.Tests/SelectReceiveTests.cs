using System.Threading.Channels;

namespace Baton.Tests;

public sealed class SelectReceiveTests
{
    private readonly Channel<string> _channel = Channel.CreateUnbounded<string>();
    private readonly CancelableContext _ctx = Context.Background.WithCancel();

    [Fact]
    public async Task An_item_that_is_there_is_received()
    {
        _channel.Writer.TryWrite("a");

        Assert.Equal(1, await Select.Done(_ctx).Receive(_channel.Reader, out var received));

        Assert.True(received.HasItem);
        Assert.Equal("a", received.Item);
        Assert.Equal(0, _channel.Reader.Count);
    }

    [Fact]
    public async Task An_item_that_comes_later_is_received()
    {
        var select = Select.Receive(_channel.Reader, out var received).Done(_ctx).AsTask();
        Assert.False(select.IsCompleted);

        _channel.Writer.TryWrite("a");

        Assert.Equal(0, await WaitFor.Result(select));
        Assert.True(received.HasItem);
        Assert.Equal("a", received.Item);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task One_object_serves_a_loop_until_the_channel_ends()
    {
        var got = new List<string>();
        var cases = Select.Receive(_channel.Reader, out var received).Done(_ctx);
        var loop = LoopAsync();

        foreach (var item in new[] { "a", "b", "c" })
        {
            _channel.Writer.TryWrite(item);
            await WaitFor.True(() => _channel.Reader.Count == 0);
        }

        _channel.Writer.Complete();
        await WaitFor.Completion(loop);
        Assert.Equal(["a", "b", "c"], got);

        async Task LoopAsync()
        {
            while (await cases == 0 && received.HasItem)
            {
                got.Add(received.Item);
            }
        }
    }

    [Fact]
    public async Task The_end_of_a_channel_is_ready_and_told_from_an_item()
    {
        var numbers = Channel.CreateUnbounded<int>();
        numbers.Writer.TryWrite(0);
        var cases = Select.Receive(numbers.Reader, out var received).Done(_ctx);
        Assert.Equal(0, await cases);
        Assert.Equal((true, 0), (received.HasItem, received.Item));
        var waiting = cases.AsTask();
        numbers.Writer.Complete();
        Assert.Equal(0, await WaitFor.Result(waiting));
        Assert.False(received.HasItem);

        Assert.Equal(0, await Select.Receive(numbers.Reader).Default());
        Assert.Equal(0, await Select.Receive(numbers.Reader));
        Assert.Equal(0, await cases);

        Assert.False(received.HasItem);
        var e = Assert.Throws<InvalidOperationException>(() => received.Item);
        Assert.Contains("HasItem", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_left_in_a_completed_channel_is_received_first()
    {
        _channel.Writer.TryWrite("a");
        _channel.Writer.Complete(new IOException("cut"));

        Assert.Equal(0, await Select.Receive(_channel.Reader, out var received).Default());
        Assert.Equal("a", received.Item);
        await Assert.ThrowsAsync<IOException>(() => Select.Receive(_channel.Reader).Default().AsTask());
    }

    [Fact]
    public async Task A_failed_channel_gives_its_exception()
    {
        var mine = new IOException("cut");
        var waiting = Select.Done(_ctx).Receive(_channel.Reader, out var received).AsTask();
        _channel.Writer.Complete(mine);

        Assert.Same(mine, await Assert.ThrowsAsync<IOException>(() => WaitFor.Completion(waiting)));
        Assert.Same(
            mine, await Assert.ThrowsAsync<IOException>(Select.Receive(_channel.Reader).Done(_ctx).AsTask));
        Assert.Same(
            mine, await Assert.ThrowsAsync<IOException>(Select.Receive(_channel.Reader).Default().AsTask));
        Assert.False(received.HasItem);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_losing_receive_receives_nothing()
    {
        var waiting = Select.Receive(_channel.Reader).Done(_ctx).AsTask();
        _ctx.Cancel();
        Assert.Equal(1, await WaitFor.Result(waiting));

        _channel.Writer.TryWrite("a");

        Assert.True(_channel.Reader.TryRead(out var left));
        Assert.Equal("a", left);
    }

    [Fact]
    public async Task Of_two_channels_only_the_one_taken_loses_an_item()
    {
        var other = Channel.CreateUnbounded<string>();
        for (var i = 0; i < 1_000; i++)
        {
            _channel.Writer.TryWrite("a");
            other.Writer.TryWrite("b");

            var index = await Select.Receive(_channel.Reader).Receive(other.Reader);

            Assert.Equal(index == 0 ? 0 : 1, _channel.Reader.Count);
            Assert.Equal(index == 1 ? 0 : 1, other.Reader.Count);
            _ = _channel.Reader.TryRead(out _) | other.Reader.TryRead(out _);
        }
    }

    [Fact]
    public async Task Default_is_taken_while_nothing_can_be_received()
    {
        Assert.Equal(1, await Select.Receive(_channel.Reader).Default());

        _channel.Writer.TryWrite("a");

        Assert.Equal(0, await Select.Receive(_channel.Reader).Default());
        Assert.Equal(1, await Select.Receive(_channel.Reader).Default());
    }

    [Fact]
    public async Task After_a_wake_up_in_vain_a_select_waits_on()
    {
        var reader = new CountingReader<string>();
        var select = Select.Receive(reader, out var received).Done(_ctx).AsTask();

        for (var i = 2; i < 10; i++)
        {
            reader.WakeInVain();
            Assert.Equal(1, reader.Waiting);
            Assert.Equal(i, reader.WaitsEver);
        }

        Assert.False(select.IsCompleted);
        reader.Add("a");
        Assert.Equal(0, await WaitFor.Result(select));
        Assert.Equal("a", received.Item);
        Assert.Equal(0, reader.Waiting);
    }

    [Fact]
    public async Task A_reader_without_a_completion_still_ends()
    {
        var reader = new CountingReader<string>();
        var select = Select.Receive(reader, out var received).Done(_ctx).AsTask();

        reader.End();

        Assert.Equal(0, await WaitFor.Result(select));
        Assert.False(received.HasItem);
        Assert.Equal(0, await Select.Receive(reader));
    }

    [Fact]
    public async Task A_reader_that_throws_gives_its_exception_to_the_await()
    {
        var select = Select.Done(_ctx).Receive(new BrokenReader());

        var e = await Assert.ThrowsAsync<NotSupportedException>(select.AsTask);

        Assert.Equal("broken", e.Message);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task An_await_does_not_continue_on_the_writers_thread()
    {
        var inline = Channel.CreateUnbounded<int>(new() { AllowSynchronousContinuations = true });
        var select = Select.Receive(inline.Reader).Done(_ctx).AsTask();
        var then = ThreadAfterAsync();
        var writers = 0;
        var writer = new Thread(() =>
        {
            writers = Environment.CurrentManagedThreadId;
            inline.Writer.TryWrite(1);
        });
        writer.Start();
        var after = await WaitFor.Result(then);
        writer.Join();

        Assert.NotEqual(writers, after);

        async Task<int> ThreadAfterAsync()
        {
            await select;
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task A_waiting_select_meets_a_writer_of_a_channel_without_a_buffer()
    {
        var bare = Channel.CreateBounded<string>(0);
        var select = Select.Receive(bare.Reader, out var received).Done(_ctx).AsTask();

        var written = bare.Writer.WriteAsync("a").AsTask();

        Assert.Equal(0, await WaitFor.Result(select));
        await WaitFor.Completion(written);
        Assert.Equal("a", received.Item);
    }

    private sealed class BrokenReader : ChannelReader<int>
    {
        public override bool TryRead(out int item)
        {
            item = 0;
            return false;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("broken");
    }
}
