namespace Baton.Storm.Tests;

public sealed class ChoicesTests
{
    [Fact]
    public void The_same_seed_and_number_choose_the_same()
    {
        var (one, other) = (Choices.Of(7, 3), Choices.Of(7, 3));

        Assert.Equal([one.Next(), one.Next()], [other.Next(), other.Next()]);
    }

    [Fact]
    public void Neighbours_choose_apart()
    {
        var first = Enumerable.Range(0, 1000)
            .Select(static number => Choices.Of(7, number).Next(25)).ToArray();

        // Even shares would be 40 each; the choices of one stream of numbers are nowhere near as even.
        Assert.Equal(25, first.Distinct().Count());
        Assert.True(first.CountBy(static choice => choice).Max(static choice => choice.Value) > 45);
        Assert.NotEqual(
            first, Enumerable.Range(0, 1000).Select(static number => Choices.Of(8, number).Next(25)));
    }
}
