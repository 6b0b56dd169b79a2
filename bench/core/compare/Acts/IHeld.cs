namespace Baton.Acts;

/// <summary>Something that is held a million times at once.</summary>
public interface IHeld
{
    IDisposable Make(int index);

    /// <summary>Releases all objects that were made.</summary>
    void Release(IDisposable[] made);
}
