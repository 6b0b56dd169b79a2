using Baton.Tests.Races;

namespace Baton.Tests.Linearizability;

/// <summary>
/// Threads that start together many times, each shifted by a random few instructions.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Thread[] _threads;
    private readonly Random _shift = new(20261124);
    private Action[] _actions = [];
    private int[] _shifts = [];
    private int _round;
    private int _atLine;
    private int _finished;
    private volatile Exception? _failure;
    private volatile bool _isOver;

    /// <param name="size">How many threads, the caller's included.</param>
    internal Crew(int size)
    {
        _threads = [.. Enumerable.Range(1, size - 1).Select(member =>
            new Thread(() => RunMember(member)) { IsBackground = true })];
        Array.ForEach(_threads, static thread => thread.Start());
    }

    /// <summary>
    /// Runs all actions at once, the first on this thread, and returns when all have returned.
    /// </summary>
    internal void Run(Action[] actions)
    {
        _actions = actions;
        _shifts = [.. actions.Select(_ => Math.Max(0, _shift.Next(-60, 60)))];
        _atLine = _finished = 0;
        Interlocked.Increment(ref _round);
        RunAction(0);
        HotWait.Until(() => Volatile.Read(ref _finished) == _threads.Length + 1);
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A thread failed.", failure);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        Array.ForEach(_threads, static thread => thread.Join());
    }

    private void RunMember(int member)
    {
        for (var round = 1; ; round++)
        {
            HotWait.Until(() => _isOver || Volatile.Read(ref _round) == round);
            if (_isOver)
            {
                return;
            }

            RunAction(member);
        }
    }

    private void RunAction(int member)
    {
        try
        {
            if (member < _actions.Length)
            {
                Interlocked.Increment(ref _atLine);
                HotWait.Until(() => Volatile.Read(ref _atLine) == _actions.Length);
                Thread.SpinWait(_shifts[member]);
                _actions[member]();
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            Interlocked.Increment(ref _finished);
        }
    }
}
