using System.Threading.Channels;

namespace Baton.Tests.Races;

/// <summary>Promise 19: exactly one case takes effect, whoever else is at the same channels.</summary>
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
        var received = 0;
        var rounds = 0;
        foreach (var round in Racers.Rounds(Rounds))
        {
            rounds++;
            using var ctx = Context.Background.WithCancel();
            var select = Select.Receive(channel.Reader, (item, _) => received += item == round ? 1 : 0)
                .Done(ctx).AsTask();

            racers.Run(ctx.Cancel, () => channel.Writer.TryWrite(round));

            var index = await WaitFor.Result(select);
            Assert.Equal(index == 1, channel.Reader.TryRead(out var left));
            Assert.Equal(index == 1 ? round : 0, left);
            received += index;
        }

        Assert.Equal(rounds, received);
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
                () => select = Select.Receive(reader).Task(work.Task).Done(ctx).AsTask(),
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
            var ran = 0;
            var select = Select.Receive(left, (_, _) => ran++).Receive(right, (_, _) => ran++).AsTask();

            racers.Run(() => left.Add(round), () => right.Add(round));

            var index = await WaitFor.Result(select);
            Assert.Equal((index == 1, index == 0), (left.TryRead(out _), right.TryRead(out _)));
            Assert.Equal((1, 0, 0), (ran, left.Waiting, right.Waiting));
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
            var cases = Select.Receive(first.Reader, out var one).Receive(second.Reader, out var two)
                .Receive(third.Reader, out var three);
            var holders = new[] { one, two, three };
            var open = 3;
            while (open > 0)
            {
                var from = holders[await cases];
                if (from.HasItem)
                {
                    Interlocked.Increment(ref moved[from.Item]);
                }
                else
                {
                    // A channel that has ended stays ready: only what the others still hold is left.
                    open = first.Reader.Completion.IsCompleted && second.Reader.Completion.IsCompleted
                        && third.Reader.Completion.IsCompleted ? 0 : 3;
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
        var sum = 0;
        var expected = 0;
        var cases = Select.Receive(channel.Reader, (item, _) => Interlocked.Add(ref sum, item))
            .After(TimeSpan.FromHours(1));
        foreach (var round in Racers.Rounds(Rounds))
        {
            Task<int>? first = null, second = null;
            channel.Writer.TryWrite(1);
            channel.Writer.TryWrite(2);

            racers.Run(() => first = cases.AsTask(), () => second = cases.AsTask());

            Assert.Equal((0, 0), (await WaitFor.Result(first!), await WaitFor.Result(second!)));
            expected += 3;
            Assert.Equal(expected, sum);
        }
    }
}
