using System.Diagnostics;

namespace Baton.Tests;

public sealed class DeepTimeoutTests
{
    [Fact]
    public void A_chain_of_ever_later_timeouts_is_made_in_reasonable_time()
    {
        Context ctx = Context.Root(new FakeTimeProvider());
        var start = Stopwatch.GetTimestamp();

        for (var i = 0; i < 100_000; i++)
        {
            ctx = ctx.WithTimeout(TimeSpan.FromHours(1) + TimeSpan.FromTicks(i));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
