using System.Diagnostics;

namespace Baton.Tests.Races;

/// <summary>Two threads that start together many times: the caller's and one more.</summary>
/// <remarks>
/// Each round shifts one of the two by a random few instructions, so that over many rounds every interleaving
/// of the two comes up. If they can take turns, two rounds in a hundred run one after the other, in either
/// order: so both orders come up however busy the machine is. An exception of either thread is thrown by
/// <see cref="Run"/>.
/// </remarks>
internal sealed class Racers : IDisposable
{
    /// <summary>Several times as long as 100,000 rounds take on an idle machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly Thread _thread;
    private readonly Random _shift = new(20261123);
    private readonly bool _takeTurns;
    private Action? _second;
    private Exception? _failure;
    private int _secondShift;
    private int _started;
    private int _finished;
    private int _atLine;
    private volatile bool _isOver;

    /// <param name="takeTurns">
    /// Whether either may run after the other has returned. False if one waits for the other.
    /// </param>
    internal Racers(bool takeTurns = true)
    {
        _takeTurns = takeTurns;
        _thread = new Thread(RunSecond) { IsBackground = true, Name = "second racer" };
        _thread.Start();
    }

    /// <summary>
    /// The numbers of the rounds. If the machine is so busy with other programs that each start of the two
    /// threads takes a time slice, there are as many rounds as there is time for; otherwise all of them.
    /// </summary>
    internal static IEnumerable<int> Rounds(int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < count && Stopwatch.GetElapsedTime(start) < s_limit; round++)
        {
            yield return round;
        }
    }

    /// <summary>Runs both at once, and returns when both have returned.</summary>
    internal void Run(Action first, Action second)
    {
        if (_takeTurns && _started % 100 == 0)
        {
            first();
            first = static () => { };
        }

        var shift = _shift.Next(-60, 60);
        _second = second;
        _secondShift = Math.Max(0, shift);
        _atLine = 0;
        var round = Interlocked.Increment(ref _started);
        LineUp(Math.Max(0, -shift));
        if (_takeTurns && round % 100 == 0)
        {
            HotWait.Until(() => Volatile.Read(ref _finished) == round);
        }

        first();
        HotWait.Until(() => Volatile.Read(ref _finished) == round);
        if (_failure is { } failure)
        {
            _failure = null;
            throw new InvalidOperationException("The second racer failed.", failure);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void RunSecond()
    {
        for (var round = 1; ; round++)
        {
            HotWait.Until(() => _isOver || Volatile.Read(ref _started) == round);
            if (_isOver)
            {
                return;
            }

            try
            {
                LineUp(_secondShift);
                _second!();
            }
            catch (Exception e)
            {
                _failure = e;
            }

            Volatile.Write(ref _finished, round);
        }
    }

    private void LineUp(int shift)
    {
        Interlocked.Increment(ref _atLine);
        HotWait.Until(() => Volatile.Read(ref _atLine) == 2);
        Thread.SpinWait(shift);
    }
}
