using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>Requests a second, the processor time of one, and the bytes of one, act by act.</summary>
internal sealed class Throughput
{
    private const int CountingConnections = 8;

    private readonly Effort _effort;
    private readonly Load[] _loads;

    internal Throughput(Effort effort, Func<string, bool> picks)
    {
        _effort = effort;
        _loads = [.. Loads().Where(load => picks(load.Act.Name))];
    }

    internal IEnumerable<Row> Rates => _loads.Select(static load => load.Rate);

    internal IEnumerable<Row> ProcessorTimes => _loads.Select(static load => load.ProcessorTime);

    internal IEnumerable<Row> Bytes => _loads.Select(static load => load.Bytes).OfType<Row>();

    internal async Task RunAsync(GoProgram? go, Action<string> progress)
    {
        for (var launch = 0; launch < _effort.Launches && _loads.Length > 0; launch++)
        {
            using var contenders = await Contenders.StartTogetherAsync(go, Enum.GetValues<Kind>());
            for (var round = -1; round < _effort.Rounds; round++)
            {
                progress($"launch {launch + 1} of {_effort.Launches}, {(round < 0 ? "warming up" : $"round {round + 1}")}");
                foreach (var load in _loads.Where(load =>
                    launch == 0 || load.Act.Least is not null || load.Act.IsControl))
                {
                    await (round < 0
                        ? WarmAsync(contenders, load)
                        : LoadFullAsync(contenders, load, launch + round));
                }
            }

            progress($"launch {launch + 1} of {_effort.Launches}, counting bytes");
            foreach (var load in _loads.Where(static load => load.Bytes is not null))
            {
                await contenders.RoundAsync(launch, load.Act.DotNet, load.Act.Baton, server =>
                    CountAsync(server, load.Act.Path), load.Bytes!.Figures);
            }
        }
    }

    private static IEnumerable<Load> Loads()
    {
        Act[] acts =
        [
            new("plain", "plain endpoint", Kind.Bare, Kind.Baton, 0.98)
            {
                LeastOverHttp2 = 0.97,
                BytesMore = 0,
            },
            new("aborted", "read `RequestAborted`", Kind.Bare, Kind.Baton, 0.97) { BytesMore = 250 },
            new("derive", "derive a timeout child, release it", Kind.Bare, Kind.Baton, 0.96)
            {
                BytesMore = 900,
            },
            new("timeout", "plain endpoint, default timeout", Kind.BareTimeout, Kind.BatonTimeout, 1.0),
            new("page", "plain endpoint, the page mapped and not open, against none", Kind.BatonDevelopment,
                Kind.BatonPage, 0.98)
            {
                BytesMore = 0,
            },
            new("pageopen", "plain endpoint, the page open, against none", Kind.BatonDevelopment,
                Kind.BatonPageOpen, 0.95),
            new("pagefull", "plain endpoint beside many requests in flight, the page open, against none",
                Kind.BatonDevelopment, Kind.BatonPageOpen, 0.95) { IsFull = true },
        ];

        // No bar is to be read more finely than this.
        Act control = new("plain", "a plain endpoint of Kestrel against another", Kind.Bare,
            Kind.BareAgain, Least: null)
        {
            IsControl = true,
        };

        // What an application pays that wants the context by constructor injection: a price, and no bar.
        Act[] prices =
        [
            new("accessor", "plain endpoint, with `AddHttpContextAccessor()` for Baton", Kind.Bare,
                Kind.BatonInjecting, Least: null),
            new("injected", "a scoped service, for Baton one that takes the context", Kind.Bare,
                Kind.BatonInjecting, Least: null),
        ];
        return
        [
            .. acts.Prepend(control).Concat(prices).Select(static act => new Load(act, Protocol.Http1)),
            .. acts.Prepend(control).Select(static act => new Load(act, Protocol.Http2)),
        ];
    }

    /// <summary>A round, with as many requests in flight at each of the servers as the act says.</summary>
    private async Task LoadFullAsync(Contenders contenders, Load load, int number)
    {
        var waiting = new List<WaitingRequests>();
        foreach (var server in load.Act.IsFull ? Contestants(contenders, load) : [])
        {
            waiting.Add(await WaitingRequests.StartAsync(server, "/hello", _effort.InFlight));
        }

        await LoadAsync(contenders, load, number);
        foreach (var requests in waiting)
        {
            await requests.LeaveAsync();
        }
    }

    // For the compiler: it counts for nothing.
    private async Task WarmAsync(Contenders contenders, Load load)
    {
        foreach (var server in Contestants(contenders, load))
        {
            await LoadTool.RunAsync(
                load.Protocol, server.Address(load.Protocol, load.Act.Path), _effort.Slice);
        }
    }

    /// <summary>
    /// A round: each of the two has two short slices, one on either side of the other's, so that a machine
    /// that gets faster or slower meanwhile does so for both. Go has its slice between them.
    /// </summary>
    private async Task LoadAsync(Contenders contenders, Load load, int number)
    {
        var all = Contestants(contenders, load);
        var (first, second) = number % 2 == 0 ? (all[0], all[1]) : (all[1], all[0]);
        var slices = new List<(ServerProcess Server, LoadOutput Output, TimeSpan Processor)>();
        foreach (var server in (ServerProcess[])[first, second, .. all[2..], second, first])
        {
            // The page is open only while its server is loaded: the servers share a process.
            using var page = server == contenders[Kind.BatonPageOpen] ? await PageReader.OpenAsync(server) : null;
            var before = server.ProcessorTime;
            var output = await LoadTool.RunAsync(
                load.Protocol, server.Address(load.Protocol, load.Act.Path), _effort.Slice);
            slices.Add((server, output, server.ProcessorTime - before));
        }

        var rates = all.Select(one => Of(one).Average(static slice => slice.Output.PerSecond)).ToArray();
        var times = all.Select(one =>
            Of(one).Sum(static slice => slice.Processor.TotalMicroseconds) / Of(one).Sum(static slice =>
                slice.Output.Requests)).ToArray();
        load.Rate.Figures.Add(rates[0], rates[1], rates.Length > 2 ? rates[2] : null);
        load.ProcessorTime.Figures.Add(times[0], times[1], times.Length > 2 ? times[2] : null);

        IEnumerable<(ServerProcess Server, LoadOutput Output, TimeSpan Processor)> Of(ServerProcess server) =>
            slices.Where(slice => slice.Server == server);
    }

    /// <summary>.NET, Baton, and Go if it is here and has such a thing.</summary>
    private static ServerProcess[] Contestants(Contenders contenders, Load load)
    {
        ServerProcess[] two = [contenders[load.Act.DotNet], contenders[load.Act.Baton]];
        return contenders.Go is { } go && !load.Act.IsFull ? [.. two, go] : two;
    }

    private async Task<double> CountAsync(ServerProcess server, string path)
    {
        var visitors = new List<Visitor>();
        for (var i = 0; i < CountingConnections; i++)
        {
            visitors.Add(await Visitor.ConnectAsync(server.EndPoint, path));
        }

        await ExchangeAsync(visitors, 100);
        var before = await server.BytesAsync();
        var each = _effort.Counted / CountingConnections;
        await ExchangeAsync(visitors, each);
        var bytes = await server.BytesAsync() - before;
        visitors.ForEach(static visitor => visitor.Dispose());
        return (double)bytes / (each * CountingConnections);
    }

    private static Task ExchangeAsync(List<Visitor> visitors, int each) =>
        Task.WhenAll(visitors.Select(visitor => visitor.ExchangeAsync(each)));

    private sealed record Act(string Name, string Title, Kind DotNet, Kind Baton, double? Least)
    {
        /// <summary>The bar over HTTP/2, where it is another.</summary>
        internal double? LeastOverHttp2 { get; init; }

        /// <summary>What the act may allocate over .NET's; null if there is no bar.</summary>
        internal int? BytesMore { get; init; }

        /// <summary>Whether it is there to show what the measuring itself makes of two equals.</summary>
        internal bool IsControl { get; init; }

        /// <summary>Whether many other requests are in flight meanwhile, at both. Go has no page to compare.</summary>
        internal bool IsFull { get; init; }

        internal string Path => $"/{Name}";
    }

    private sealed class Load(Act act, Protocol protocol)
    {
        internal Act Act { get; } = act;

        internal Protocol Protocol { get; } = protocol;

        internal Row Rate { get; } = new(act.Name, $"{act.Title}, {Name(protocol)}", Unit.PerSecond)
        {
            Bars = Least(act, protocol) is not { } least ? []
                : act.IsFull ? [new(Held.Rate, least)]
                : [new(Held.Rate, least), new(Held.RateToGo, 1.05)],
        };

        internal Row ProcessorTime { get; } =
            new(act.Name, $"{act.Title}, {Name(protocol)}", Unit.Microseconds);

        internal Row? Bytes { get; } = protocol == Protocol.Http2 || act.IsControl
            ? null
            : new(act.Name, act.Title, Unit.Bytes)
            {
                Bars = act.BytesMore is { } limit ? [new(Held.BytesMore, limit)] : [],
            };

        private static double? Least(Act act, Protocol protocol) =>
            protocol == Protocol.Http2 ? act.LeastOverHttp2 ?? act.Least : act.Least;

        private static string Name(Protocol protocol) => protocol == Protocol.Http1 ? "HTTP/1.1" : "HTTP/2";
    }
}
