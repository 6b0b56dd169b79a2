namespace Baton.AspNetCore.Tests.Matrix;

public sealed class PolicyMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(PolicyRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task When_a_timeout_passes(Side side, string act) => CheckAsync(PolicyRows.All, side, act);
}
