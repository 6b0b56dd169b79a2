using Grpc.Core;

namespace Baton.Grpc;

/// <summary>Carries a context from the caller to the interceptor, among the headers of the call.</summary>
/// <remarks>
/// The options of a call have no place for an object, but a header may be an object of a derived type, and
/// other interceptors copy headers along. The entry is never sent: gRPC's client leaves out a header of this
/// name, because it writes that header itself.
/// </remarks>
[ContextCarrier]
internal sealed class ContextEntry : Metadata.Entry
{
    private readonly Context _context;

    private ContextEntry(Context context)
        : base(DeadlineHeader.GrpcTimeout.Name, "")
    {
        _context = context;
    }

    internal static Context? Find(Metadata? headers)
    {
        for (var i = 0; i < headers?.Count; i++)
        {
            if (headers[i] is ContextEntry entry)
            {
                return entry._context;
            }
        }

        return null;
    }

    /// <summary>A copy of the headers with this context in place of any that they have.</summary>
    internal static Metadata AddTo(Metadata? headers, Context ctx)
    {
        var copy = Copy(headers, static entry => entry is not ContextEntry);
        copy.Add(new ContextEntry(ctx));
        return copy;
    }

    /// <summary>A copy of the headers, to which more can be added.</summary>
    internal static Metadata Copy(Metadata? headers, Predicate<Metadata.Entry>? where = null)
    {
        var copy = new Metadata();
        for (var i = 0; i < headers?.Count; i++)
        {
            if (where is null || where(headers[i]))
            {
                copy.Add(headers[i]);
            }
        }

        return copy;
    }
}
