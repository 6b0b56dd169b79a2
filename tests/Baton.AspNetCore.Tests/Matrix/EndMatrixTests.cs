namespace Baton.AspNetCore.Tests.Matrix;

public sealed class EndMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(EndRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task When_a_handler_ends(Side side, string act) => CheckAsync(EndRows.All, side, act);
}
