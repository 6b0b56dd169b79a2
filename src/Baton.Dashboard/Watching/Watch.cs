namespace Baton.Dashboard;

/// <summary>Whether somebody looks. Watches from the first reader until five minutes after the last one has left.</summary>
/// <remarks>One for each application, whatever pages it has.</remarks>
internal sealed class Watch : IDisposable
{
    /// <summary>How many pages may be open.</summary>
    internal const int MaxReaders = 20;

    private readonly Lock _lock = new();
    private readonly ServerInside _server;

    /// <summary>What is watched now; null if nobody has looked for a while. The lock guards the rest too.</summary>
    private Session? _session;
    private Snapshots? _snapshots;
    private int _readers;
    private ITimer? _end;
    private bool _isOver;

    internal Watch(ServerInside server, CancellationToken stopped)
    {
        _server = server;
        stopped.UnsafeRegister(static state => ((Watch)state!).Dispose(), this);
    }

    /// <summary>How long what is known is kept when nobody looks any more.</summary>
    internal static TimeSpan Kept { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether requests are watched now.</summary>
    internal bool IsWatching
    {
        get
        {
            lock (_lock)
            {
                return _session is not null;
            }
        }
    }

    /// <summary>The pages that are open.</summary>
    internal int Readers
    {
        get
        {
            lock (_lock)
            {
                return _readers;
            }
        }
    }

    internal ServerInside Server => _server;

    /// <summary>After how long an open page has to come again, so that its user is authorized anew.</summary>
    internal TimeSpan LongestVisit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is known now, for a reader that takes it once.</summary>
    internal Snapshots Look()
    {
        lock (_lock)
        {
            var snapshots = Begin();
            if (_readers == 0)
            {
                EndLater();
            }

            return snapshots;
        }
    }

    /// <summary>A page is opened, unless too many are open. Each that is let in leaves by <see cref="Leave"/>.</summary>
    internal Snapshots? TryEnter()
    {
        lock (_lock)
        {
            if (_readers == MaxReaders)
            {
                return null;
            }

            _readers++;
            _end?.Dispose();
            _end = null;
            return Begin();
        }
    }

    internal void Leave()
    {
        lock (_lock)
        {
            if (--_readers == 0)
            {
                EndLater();
            }
        }
    }

    private Snapshots Begin()
    {
        if (_snapshots is null)
        {
            _session = new Session(_server);
            _snapshots = new Snapshots(_session);
            if (_isOver)
            {
                _session.Dispose();
            }
        }

        return _snapshots;
    }

    private void EndLater()
    {
        _end?.Dispose();
        _end = _server.Clock.CreateTimer(
            static state => ((Watch)state!).EndIfUnread(), this, Kept, Timeout.InfiniteTimeSpan);
    }

    private void EndIfUnread()
    {
        lock (_lock)
        {
            if (_readers == 0)
            {
                End();
            }
        }
    }

    /// <summary>The application has stopped.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            End();
        }
    }

    private void End()
    {
        _end?.Dispose();
        _end = null;
        _session?.Dispose();
        _session = null;
        _snapshots = null;
    }
}
