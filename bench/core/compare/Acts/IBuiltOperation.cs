namespace Baton.Acts;

/// <summary>
/// An act on something large, which is built before and dropped afterwards. Neither of these is timed.
/// </summary>
public interface IBuiltOperation
{
    void Build(int size);

    void Run();

    void Clear();
}
