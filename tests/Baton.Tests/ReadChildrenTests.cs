namespace Baton.Tests;

/// <summary>The children of a context are read a few at a time, while others are added and removed.</summary>
public sealed class ReadChildrenTests
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(32, false)]
    [InlineData(33, false)]
    [InlineData(500, false)]
    [InlineData(500, true)]
    public void Each_child_is_read_once(int count, bool isSpread)
    {
        var children = Enumerable.Range(0, count / 2).Select(_ => _parent.WithCancel()).ToList();
        if (isSpread)
        {
            _parent.SpreadOut();
        }

        children.AddRange(Enumerable.Range(0, count - children.Count).Select(_ => _parent.WithCancel()));
        var read = new List<CancelableContext>();

        Assert.Equal(count, _parent.ReadChildren(read, int.MaxValue));
        Assert.Equal(children.ToHashSet(), [.. read]);
        Assert.Equal((count, count), (read.Count, _parent.ChildCount));
    }

    [Fact]
    public void What_is_over_the_limit_is_counted()
    {
        var children = Enumerable.Range(0, 100).Select(_ => _parent.WithCancel()).ToArray();
        var read = new List<CancelableContext>();

        Assert.Equal(100, _parent.ReadChildren(read, 3));
        Assert.Equal(children.Reverse().Take(3), read);
    }

    [Fact]
    public void A_context_that_has_ended_has_none()
    {
        _parent.WithCancel();
        _parent.Cancel();

        Assert.Equal(0, _parent.ReadChildren([], 10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_stays_is_read_once_while_others_come_and_go(bool isSpread)
    {
        if (isSpread)
        {
            _parent.SpreadOut();
        }

        var stay = Enumerable.Range(0, 100).Select(_ => _parent.WithCancel()).ToArray();
        var isOver = false;
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var some = new Queue<CancelableContext>();
                while (!Volatile.Read(ref isOver))
                {
                    some.Enqueue(_parent.WithCancel());
                    if (some.Count > 50)
                    {
                        some.Dequeue().Dispose();
                    }
                }

                foreach (var one in some)
                {
                    one.Dispose();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        for (var i = 0; i < 300; i++)
        {
            var read = new List<CancelableContext>();
            _parent.ReadChildren(read, int.MaxValue);
            Assert.Equal(stay.Length, read.Count(stay.Contains));
        }

        Volatile.Write(ref isOver, true);
        await WaitFor.Completion(Task.WhenAll(threads));
        Assert.Equal(stay.Length, _parent.ChildCount);
    }

    [Fact]
    public async Task A_reader_comes_to_its_end_when_the_context_ends_meanwhile()
    {
        for (var i = 0; i < 200; i++)
        {
            using var parent = Context.Background.WithCancel();
            var children = Enumerable.Range(0, 200).Select(_ => parent.WithCancel()).ToArray();
            var reading = Task.Factory.StartNew(
                () => parent.ReadChildren([], int.MaxValue),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            parent.Cancel();

            Assert.InRange(await WaitFor.Result(reading), 0, 200);
            Assert.All(children, static child => Assert.True(child.IsDone));
        }
    }
}
