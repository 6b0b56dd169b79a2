namespace Baton.Acts;

/// <summary>
/// An act that is awaited. It contains its own loop, so that the loop allocates no task for each turn.
/// </summary>
public interface IAwaitedOperation
{
    Task RunAsync(int count);
}
