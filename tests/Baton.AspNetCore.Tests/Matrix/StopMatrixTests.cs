namespace Baton.AspNetCore.Tests.Matrix;

public sealed class StopMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(StopRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task When_the_server_stops(Side side, string act) => CheckAsync(StopRows.All, side, act);
}
