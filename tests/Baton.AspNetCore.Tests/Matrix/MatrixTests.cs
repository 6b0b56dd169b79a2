namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>Rows of docs/aspnetcore-matrix.md, each done to a server without Baton and to one with it.</summary>
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
