using System.Collections.Concurrent;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>All at once, since all they do is wait for the seconds that Kestrel counts in.</summary>
public sealed class LimitMatrixTests : MatrixTests
{
    private static readonly ConcurrentDictionary<(Side, string), Task<string>> s_observed = [];

    public static TheoryData<Side, string> Rows => Of(LimitRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task When_a_limit_of_Kestrel_is_passed(Side side, string act)
    {
        foreach (var row in LimitRows.All)
        {
            _ = s_observed.GetOrAdd((Side.Kestrel, row.Act), _ => row.ObserveAsync(Side.Kestrel));
            _ = s_observed.GetOrAdd((Side.Baton, row.Act), _ => row.ObserveAsync(Side.Baton));
        }

        Assert.Equal(
            LimitRows.All.Single(row => row.Act == act).Expected(side), await s_observed[(side, act)]);
    }
}
