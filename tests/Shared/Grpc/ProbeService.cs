namespace Baton.Grpc.Tests;

internal sealed class ProbeService(ProbeMethods methods) : Probe.ProbeBase
{
    public override Task<Note> Unary(Note request, ServerCallContext context) =>
        methods.Unary(request, context);

    public override Task<Note> ClientStream(
        IAsyncStreamReader<Note> requestStream, ServerCallContext context) =>
        methods.ClientStream(requestStream, context);

    public override Task ServerStream(
        Note request, IServerStreamWriter<Note> responseStream, ServerCallContext context) =>
        methods.ServerStream(request, responseStream, context);

    public override Task Duplex(
        IAsyncStreamReader<Note> requestStream, IServerStreamWriter<Note> responseStream,
        ServerCallContext context) =>
        methods.Duplex(requestStream, responseStream, context);
}
