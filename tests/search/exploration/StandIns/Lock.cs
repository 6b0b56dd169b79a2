namespace Baton;

/// <summary>
/// What the core's sources find here under the name of System.Threading.Lock, which Coyote does not know: a
/// lock statement on it takes a monitor, which Coyote does.
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
                // Coyote's monitor has no answer while nobody holds it.
                return false;
            }
        }
    }
}
