using System.Threading.Channels;

namespace Baton.Tests.Races;

/// <summary>
/// Promise 19: exactly one case takes effect, also while other readers and writers use the same channels.
/// </summary>
public sealed class SelectRaces
{
    private const int Rounds = 20_000;

    [Fact]
    public async Task Two_selects_that_compete_for_one_item_receive_it_once()
    {
        using var racers = new Racers();
        var channel = Channel.CreateUnbounded<int>();
        foreach (var round in Racers.Rounds(50_000))
        {
            using var ctx = Context.Background.WithCancel();
            Received<int>? one = null, two = null;
            Task<int>? first = null, second = null;
            if (round % 2 == 0)
            {
                channel.Writer.TryWrite(round);
            }

            racers.Run(
                () => first = Select.Receive(channel.Reader, out one).Done(ctx).AsTask(),
                () => second = Select.Receive(channel.Reader, out two).Done(ctx).AsTask());
            if (round % 2 != 0)
            {
                channel.Writer.TryWrite(round);
            }

            await WaitFor.Completion(Task.WhenAny(first!, second!));
            ctx.Cancel();

            Assert.Equal(1, await WaitFor.Result(first!) + await WaitFor.Result(second!));
            Assert.Equal(round, one!.HasItem ? one.Item : two!.Item);
            Assert.NotEqual(one.HasItem, two!.HasItem);
            Assert.Equal(0, channel.Reader.Count);
        }
    }

    [Fact]
    public async Task An_item_is_received_or_still_there_when_a_cancel_comes_along()
    {
        using var racers = new Racers();
        var channel = Channel.CreateUnbounded<int>(new() { AllowSynchronousContinuations = true });
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var ctx = Context.Background.WithCancel();
            var select = Select.Receive(channel.Reader, out var received).Done(ctx).AsTask();

            racers.Run(ctx.Cancel, () => channel.Writer.TryWrite(round));

            var index = await WaitFor.Result(select);
            Assert.Equal(index == 1, channel.Reader.TryRead(out var left));
            Assert.Equal(index == 1 ? round : 0, left);
            Assert.Equal(index == 0 ? round : null, received.HasItem ? received.Item : (int?)null);
        }
    }

    [Fact]
    public async Task An_item_is_sent_or_not_when_a_cancel_comes_along()
    {
        using var racers = new Racers();
        var channel = Channel.CreateBounded<int>(1);
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var ctx = Context.Background.WithCancel();
            channel.Writer.TryWrite(-1);
            var select = Select.Send(channel.Writer, round).Done(ctx).AsTask();

            racers.Run(ctx.Cancel, () => channel.Reader.TryRead(out _));

            Assert.Equal(await WaitFor.Result(select) == 0, channel.Reader.TryRead(out var sent));
            Assert.True(sent == round || sent == 0);
            Assert.Equal(0, ctx.CallbackCount);
        }
    }

    [Fact]
    public async Task A_signal_that_comes_while_the_waits_begin_is_not_lost()
    {
        using var racers = new Racers();
        var reader = new CountingReader<int>();
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var ctx = Context.Background.WithCancel();
            var work = new TaskCompletionSource();
            Task<int>? select = null;

            racers.Run(
                () => select = Select.Receive(reader).Completed(work.Task).Done(ctx).AsTask(),
                () =>
                {
                    switch (round % 3)
                    {
                        case 0:
                            reader.Add(round);
                            break;
                        case 1:
                            work.SetResult();
                            break;
                        default:
                            ctx.Cancel();
                            break;
                    }
                });

            Assert.Equal(round % 3, await WaitFor.Result(select!));
            Assert.Equal((0, 0), (reader.Waiting, ctx.CallbackCount));
        }
    }

    [Fact]
    public async Task Signals_that_come_at_once_take_one_case()
    {
        using var racers = new Racers();
        var (left, right) = (new CountingReader<int>(), new CountingReader<int>());
        foreach (var round in Racers.Rounds(Rounds))
        {
            var select = Select.Receive(left, out var one).Receive(right, out var two).AsTask();

            racers.Run(() => left.Add(round), () => right.Add(round));

            var index = await WaitFor.Result(select);
            Assert.Equal((index == 1, index == 0), (left.TryRead(out _), right.TryRead(out _)));
            Assert.Equal((index == 0, index == 1), (one.HasItem, two.HasItem));
            Assert.Equal((0, 0), (left.Waiting, right.Waiting));
        }
    }

    [Fact]
    public async Task Many_selects_readers_and_writers_move_each_item_once()
    {
        const int Items = 20_000;
        var first = Channel.CreateBounded<int>(1);
        var second = Channel.CreateBounded<int>(2);
        var third = Channel.CreateUnbounded<int>();
        var moved = new int[2 * Items];

        var writers = new[] { SelectSendAsync(0), SelectSendAsync(1), WriteAsync(2), SelectSendAsync(3) };
        var readers = Enumerable.Range(0, 4)
            .Select(n => n == 0 ? ReadAsync() : SelectReceiveAsync()).ToArray();
        await WaitFor.Completion(Task.WhenAll(writers));
        first.Writer.Complete();
        second.Writer.Complete();
        third.Writer.Complete();
        await WaitFor.Completion(Task.WhenAll(readers));

        Assert.All(moved.Take(Items), static times => Assert.Equal(1, times));
        Assert.All(moved.Skip(Items), static times => Assert.Equal(0, times));

        async Task SelectSendAsync(int number)
        {
            await Task.Yield();
            for (var i = number; i < Items; i += 4)
            {
                await Select.Send(first.Writer, i).Send(second.Writer, i).Send(third.Writer, i);
            }
        }

        async Task WriteAsync(int number)
        {
            await Task.Yield();
            for (var i = number; i < Items; i += 4)
            {
                await first.Writer.WriteAsync(i);
            }
        }

        async Task SelectReceiveAsync()
        {
            await Task.Yield();
            var isOpen = new[] { true, true, true };
            while (isOpen.Contains(true))
            {
                var index = await Select.Receive(first.Reader, out var one, when: isOpen[0])
                    .Receive(second.Reader, out var two, when: isOpen[1])
                    .Receive(third.Reader, out var three, when: isOpen[2]);
                var from = index == 0 ? one : index == 1 ? two : three;
                isOpen[index] = from.HasItem;
                if (from.HasItem)
                {
                    Interlocked.Increment(ref moved[from.Item]);
                }
            }
        }

        async Task ReadAsync()
        {
            await Task.Yield();
            await foreach (var item in first.Reader.ReadAllAsync())
            {
                Interlocked.Increment(ref moved[item]);
            }
        }
    }

    [Fact]
    public async Task One_object_awaited_by_two_threads_selects_twice()
    {
        using var racers = new Racers();
        var channel = Channel.CreateUnbounded<int>();
        var cases = Select.Receive(channel.Reader).After(TimeSpan.FromHours(1));
        foreach (var round in Racers.Rounds(Rounds))
        {
            Task<int>? first = null, second = null;
            channel.Writer.TryWrite(1);
            channel.Writer.TryWrite(2);

            racers.Run(() => first = cases.AsTask(), () => second = cases.AsTask());

            Assert.Equal((0, 0), (await WaitFor.Result(first!), await WaitFor.Result(second!)));
            Assert.Equal(0, channel.Reader.Count);
        }
    }
}
