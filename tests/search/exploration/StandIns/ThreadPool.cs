namespace Baton;

/// <summary>
/// What the core's sources find here under the name of System.Threading.ThreadPool, whose work items run
/// outside Coyote's control. Its tasks do not.
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
