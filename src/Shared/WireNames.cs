namespace Baton;

/// <summary>Names of headers that one side of a hop writes and the other reads.</summary>
internal static class WireNames
{
    /// <summary>
    /// gRPC's request header with the time that the caller gives: read and written on any HTTP request.
    /// </summary>
    internal const string GrpcTimeout = "grpc-timeout";

    /// <summary>Envoy's request header with the same, in milliseconds.</summary>
    internal const string EnvoyExpectedTimeout = "x-envoy-expected-rq-timeout-ms";

    /// <summary>
    /// The response header of an answer that ended because the caller's own deadline had passed. It is how a
    /// caller tells that from a timeout of the callee's.
    /// </summary>
    internal const string DeadlineExceeded = "Baton-Deadline-Exceeded";

    /// <summary>The value of <see cref="DeadlineExceeded"/>: whose deadline it was.</summary>
    internal const string ByCaller = "caller";
}
