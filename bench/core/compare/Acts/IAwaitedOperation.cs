namespace Baton.Acts;

/// <summary>
/// An act that is awaited. Its loop is its own, so that the loop costs no task for each turn.
/// </summary>
public interface IAwaitedOperation
{
    Task RunAsync(int count);
}
