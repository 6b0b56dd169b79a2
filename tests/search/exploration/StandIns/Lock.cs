namespace Baton;

/// <summary>
/// Stands in for System.Threading.Lock in the core's sources, because Coyote does not know that class. A lock
/// statement on this class takes a monitor, which Coyote controls.
/// </summary>
internal sealed class Lock
{
    internal bool IsHeldByCurrentThread
    {
        get
        {
            try
            {
                return Monitor.IsEntered(this);
            }
            catch (SynchronizationLockException)
            {
                // Coyote's monitor throws if no operation holds it.
                return false;
            }
        }
    }
}
