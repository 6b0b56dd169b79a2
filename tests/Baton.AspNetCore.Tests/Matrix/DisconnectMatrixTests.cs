namespace Baton.AspNetCore.Tests.Matrix;

public sealed class DisconnectMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(DisconnectRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task While_a_handler_waits(Side side, string act) => CheckAsync(DisconnectRows.All, side, act);
}
