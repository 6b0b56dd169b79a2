namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>Rows of docs/aspnetcore.md, each done to a server without Baton and to one with it.</summary>
public abstract class MatrixTests
{
    private protected static TheoryData<Side, string> Of(Row[] rows)
    {
        var data = new TheoryData<Side, string>();
        foreach (var row in rows)
        {
            data.Add(Side.Kestrel, row.Act);
            data.Add(Side.Baton, row.Act);
        }

        return data;
    }

    private protected static async Task CheckAsync(Row[] rows, Side side, string act)
    {
        var row = rows.Single(row => row.Act == act);
        Assert.Equal(row.Expected(side), await row.ObserveAsync(side));
    }
}

public sealed class DisconnectMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(DisconnectRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task While_a_handler_waits(Side side, string act) => CheckAsync(DisconnectRows.All, side, act);
}

public sealed class Http2MatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(Http2Rows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Over_HTTP_2(Side side, string act) => CheckAsync(Http2Rows.All, side, act);
}

public sealed class EndMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Rows => Of(EndRows.All);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task When_a_handler_ends(Side side, string act) => CheckAsync(EndRows.All, side, act);
}
