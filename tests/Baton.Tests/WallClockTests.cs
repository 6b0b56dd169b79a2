namespace Baton.Tests;

/// <summary>FakeTimeProvider.AdjustTime steps the timestamps too, which a real clock never does.</summary>
public sealed class WallClockTests
{
    [Theory]
    [InlineData(-48)]
    [InlineData(48)]
    public void AdjustTime_moves_no_deadline(int hours)
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));

        clock.AdjustTime(clock.GetUtcNow().AddHours(hours));
        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.False(ctx.IsDone);

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void A_step_back_of_the_clock_adds_no_time()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));

        clock.AdjustTime(clock.GetUtcNow().AddHours(-48));

        Assert.Equal(TimeSpan.FromHours(1), ctx.Remaining);
    }

    [Fact]
    public void A_deadline_made_after_a_step_back_passes_on_its_tick()
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        using var before = root.WithTimeout(TimeSpan.FromHours(1));

        clock.AdjustTime(clock.GetUtcNow().AddHours(-48));
        using var after = root.WithTimeout(TimeSpan.FromMinutes(30));
        clock.Advance(TimeSpan.FromMinutes(30));

        Assert.True(after.IsDone);
        Assert.False(before.IsDone);
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.True(before.IsDone);
    }

    [Fact]
    public void A_step_of_the_wall_clock_alone_moves_neither_the_deadline_nor_the_time_left()
    {
        var clock = new FakeTimeProvider();
        var wall = new WallClock(clock);
        using var ctx = Context.Root(wall).WithTimeout(TimeSpan.FromHours(1));
        var deadline = ctx.Deadline;

        wall.Step = TimeSpan.FromDays(2);

        Assert.False(ctx.IsDone);
        Assert.Equal(TimeSpan.FromHours(1), ctx.Remaining);
        Assert.Equal(deadline, ctx.Deadline);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<DeadlineExceededException>(ctx.Err);
    }
}
