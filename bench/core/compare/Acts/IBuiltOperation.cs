namespace Baton.Acts;

/// <summary>
/// An act on something large, which is built before and thrown away after, both off the clock.
/// </summary>
public interface IBuiltOperation
{
    void Build(int size);

    void Run();

    void Clear();
}
