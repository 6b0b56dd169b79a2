namespace Baton.Grpc.Tests;

/// <summary>The methods of the service, as a test writes them.</summary>
internal sealed class ProbeMethods
{
    internal Func<Note, ServerCallContext, Task<Note>> Unary { get; set; } =
        (note, _) => Task.FromResult(note);

    internal Func<IAsyncStreamReader<Note>, ServerCallContext, Task<Note>> ClientStream { get; set; } =
        (_, _) => throw new NotSupportedException();

    internal Func<Note, IServerStreamWriter<Note>, ServerCallContext, Task> ServerStream { get; set; } =
        (_, _, _) => throw new NotSupportedException();

    internal Func<IAsyncStreamReader<Note>, IServerStreamWriter<Note>, ServerCallContext, Task> Duplex { get; set; } =
        (_, _, _) => throw new NotSupportedException();

    /// <summary>All four kinds at once, of one act that answers nothing.</summary>
    internal Func<ServerCallContext, Task> All
    {
        set
        {
            Unary = async (_, call) =>
            {
                await value(call);
                return new Note();
            };
            ClientStream = (_, call) => Unary(new Note(), call);
            ServerStream = (_, _, call) => value(call);
            Duplex = (_, _, call) => value(call);
        }
    }
}
