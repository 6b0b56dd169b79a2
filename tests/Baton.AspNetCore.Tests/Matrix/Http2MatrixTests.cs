namespace Baton.AspNetCore.Tests.Matrix;

public sealed class Http2MatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(Http2Rows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Over_HTTP_2(Side side, string act) => CheckAsync(Http2Rows.All, side, act);
}
