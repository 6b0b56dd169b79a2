using Baton;

namespace Cluster;

// A request goes from one to the next: the cart on silo a, the stock on silo b, the ledger on silo a.
public interface ICart : IGrainWithStringKey
{
    Task<string> CheckoutAsync(Context ctx, int work);
}

public interface IStock : IGrainWithStringKey
{
    Task<string> ReserveAsync(Context ctx, int work);
}

public interface ILedger : IGrainWithStringKey
{
    Task<string> WriteAsync(Context ctx, int work);
}

[OnSilo(0)]
public sealed class Cart : Grain, ICart
{
    public async Task<string> CheckoutAsync(Context ctx, int work)
    {
        using var hop = new Hop("cart", ctx);
        return await GrainFactory.GetGrain<IStock>("apples").ReserveAsync(ctx, work);
    }
}

[OnSilo(1)]
public sealed class Stock : Grain, IStock
{
    public async Task<string> ReserveAsync(Context ctx, int work)
    {
        using var hop = new Hop("stock", ctx);
        return await GrainFactory.GetGrain<ILedger>("today").WriteAsync(ctx, work);
    }
}

[OnSilo(0)]
public sealed class Ledger : Grain, ILedger
{
    public async Task<string> WriteAsync(Context ctx, int work)
    {
        using var hop = new Hop("ledger", ctx);

        // Writes for so many milliseconds, and stops writing when nobody waits.
        await ctx.Delay(TimeSpan.FromMilliseconds(work));
        return "written";
    }
}
