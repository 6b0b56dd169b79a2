namespace Baton.Compare.Tests;

public sealed class CatalogueTests
{
    private static readonly Act[] s_acts = [.. Catalogue.Groups.SelectMany(static group => group.Acts)];

    [Fact]
    public void No_two_acts_have_one_name()
    {
        Assert.Equal(s_acts.Length, s_acts.Select(static act => act.Name).Distinct().Count());
    }

    [Fact]
    public void An_act_in_a_process_that_was_used_has_the_bars_of_the_fresh_one()
    {
        var pairs = s_acts.Join(
            s_acts, static act => act.Name, static act => act.Name + "-after-use",
            static (used, fresh) => (Used: used, Fresh: fresh)).ToArray();

        Assert.Equal(8, pairs.Length);
        Assert.All(pairs, static pair => Assert.Equal(pair.Fresh.Bars, pair.Used.Bars));
        Assert.All(pairs, static pair => Assert.NotSame(pair.Fresh.Baton, pair.Used.Baton));
    }

    [Fact]
    public void Acts_after_use_share_their_workers_with_no_other_and_a_large_one_has_its_own()
    {
        var processes = s_acts.ToLookup(static act => act.Process);

        Assert.All(processes["after use"], static act => Assert.True(act.IsAfterUse));
        Assert.All(processes[""], static act => Assert.False(act.IsAfterUse || act.IsLarge));
        Assert.All(s_acts.Where(static act => act.IsLarge), act => Assert.Single(processes[act.Process]));
    }

    [Fact]
    public void Every_kind_can_be_used_again_and_again()
    {
        Acts.EveryContext.Use();
        Acts.EverySource.Use();
        Acts.EveryContext.Use();

        Assert.False(Acts.EveryContext.Parent.IsDone);
        Assert.False(Acts.EverySource.Parent.IsCancellationRequested);
    }

    [Fact]
    public void What_an_act_is_held_against_is_measured_along_with_it()
    {
        var runner = new AgainstRunner(new Fixed(4, 40), new Fixed(2, 20));

        Assert.Equal(new Sample(4, 1, Reference: 2, Wall: 60), runner.Measure(10));
    }

    private sealed class Fixed(double nanoseconds, double wall) : Runner
    {
        internal override void Warm()
        {
        }

        internal override Sample Measure(int count) => new(nanoseconds, 1, Reference: 0, wall);
    }
}
