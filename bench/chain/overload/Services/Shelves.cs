using Chain;
using Grpc.Core;

namespace Baton.Overload;

/// <summary>The last hop, gRPC, with the resource.</summary>
internal sealed class Shelves(Manner manner, Resource resource) : Stock.StockBase
{
    public override async Task<Reservation> Reserve(Item request, ServerCallContext context)
    {
        if (manner.IsBaton())
        {
            await WorkAsync(request.Id, context.RequestContext);
        }
        else
        {
            await resource.UseAsync(request.Id, static () => true, context.CancellationToken);
        }

        return new Reservation { Shelf = "B7" };
    }

    private async Task WorkAsync(int id, Context ctx)
    {
        var isTooLate = false;
        await resource.UseAsync(
            id,
            () =>
            {
                isTooLate = manner == Manner.Baton && ctx.Remaining < resource.Expected;
                return !isTooLate;
            },
            ctx);
        if (isTooLate)
        {
            throw new RpcException(
                new Status(StatusCode.DeadlineExceeded, "too little time is left to begin"));
        }
    }
}
