namespace Baton;

/// <summary>
/// Stands in for System.Threading.ThreadPool in the core's sources, whose work items run outside Coyote's
/// control. This class runs them as tasks, which Coyote controls.
/// </summary>
internal static class ThreadPool
{
    internal static void UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(() =>
        {
            try
            {
                item.Execute();
            }
            catch (Exception e)
            {
                Exploration.Scenario.Check(false, e.ToString());
            }
        });
    }
}
