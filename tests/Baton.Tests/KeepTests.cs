namespace Baton.Tests;

/// <summary>A context that a container hands out, and disposes along with the scope.</summary>
public sealed class KeepTests
{
    [Fact]
    public void What_hangs_on_a_kept_context_ends_by_its_cancellation_and_not_by_its_disposal()
    {
        var ctx = Context.Background.WithCancel();
        ctx.Keep();
        using var child = ctx.WithTimeout(TimeSpan.FromHours(1));

        ctx.Dispose();
        Assert.False(child.IsDone);

        ctx.Cancel();
        Assert.True(child.IsDone);
    }
}
