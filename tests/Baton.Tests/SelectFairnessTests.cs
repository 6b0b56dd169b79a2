using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>Each case that is ready has the same chance.</summary>
public sealed class SelectFairnessTests
{
    private const int Draws = 100_000;

    /// <summary>
    /// Chi-square: a fair choice among four (three degrees of freedom) exceeds it once in a million.
    /// </summary>
    private const double Limit = 30.66;

    private readonly Random _random = new(20261124);

    [Fact]
    public async Task Cases_of_every_kind_have_the_same_chance()
    {
        using var ctx = Context.Background.WithCancel();
        var ended = Channel.CreateUnbounded<int>();
        var full = Channel.CreateBounded<int>(1);
        var items = Channel.CreateUnbounded<int>();
        var sink = Channel.CreateBounded<int>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        ended.Writer.Complete();
        full.Writer.TryWrite(1);
        ctx.Cancel();
        var cases = Select.Receive(items.Reader).After(TimeSpan.FromHours(1)).Done(ctx).Send(full.Writer, 1)
            .Completed(Task.CompletedTask).Send(sink.Writer, 1).Default()
            .Completed(Task.CompletedTask, when: false);
        var counts = new int[8];

        for (var i = 0; i < Draws; i++)
        {
            items.Writer.TryWrite(i);
            counts[await cases.AsTask(_random)]++;
        }

        Assert.Equal([0, 0, 0, 0], [counts[1], counts[3], counts[6], counts[7]]);
        AssertFair([counts[0], counts[2], counts[4], counts[5]]);
        Assert.Equal(Draws - counts[0], items.Reader.Count);
    }

    [Fact]
    public async Task Channels_that_have_ended_have_the_same_chance_as_others()
    {
        var ended = Channel.CreateBounded<int>(1);
        ended.Writer.Complete();
        var cases = Select.Receive(ended.Reader).Send(ended.Writer, 1).Completed(Task.CompletedTask).Receive(
            ended.Reader);
        var counts = new int[4];

        for (var i = 0; i < Draws; i++)
        {
            try
            {
                counts[await cases.AsTask(_random)]++;
            }
            catch (ChannelClosedException)
            {
                counts[1]++;
            }
        }

        AssertFair(counts);
    }

    private static void AssertFair(int[] counts)
    {
        var expected = counts.Sum() / (double)counts.Length;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(chiSquare < Limit, $"Chi-square {chiSquare:F1} of {string.Join(", ", counts)}.");
    }
}
