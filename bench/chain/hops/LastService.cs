using Grpc.Core;

namespace Baton.Hops;

/// <summary>The last service: its handler waits until the call ends, and says when it goes on.</summary>
internal abstract class LastService(Visit visit) : Last.LastBase
{
    public sealed override async Task<Nothing> Wait(Nothing request, ServerCallContext context)
    {
        try
        {
            var waiting = UntilEndAsync(context);
            visit.Arrive();
            await waiting;
        }
        finally
        {
            visit.Resume();
            visit.Leave();
        }

        return request;
    }

    /// <summary>A wait that ends when the call does, as people write it.</summary>
    protected abstract Task UntilEndAsync(ServerCallContext context);
}
