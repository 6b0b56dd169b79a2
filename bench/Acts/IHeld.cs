namespace Baton.Acts;

/// <summary>Something that is held a million times at once.</summary>
public interface IHeld
{
    public IDisposable Make(int index);

    /// <summary>Releases all that were made.</summary>
    public void Release(IDisposable[] made);
}
