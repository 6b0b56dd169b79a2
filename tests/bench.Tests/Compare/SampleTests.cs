namespace Baton.Compare.Tests;

public sealed class SampleTests
{
    [Fact]
    public void A_line_brings_back_what_was_written()
    {
        var sample = new Sample(Nanoseconds: 1.25, Bytes: 96, Reference: 0, Wall: 3e7);

        Assert.Equal(sample, Sample.Parse(sample.ToLine()));
    }

    [Fact]
    public void A_line_may_come_from_go()
    {
        Assert.Equal(new Sample(2.316295e+07, 0, 0, 115680570), Sample.Parse("2.316295e+07 0 0 115680570"));
    }
}
