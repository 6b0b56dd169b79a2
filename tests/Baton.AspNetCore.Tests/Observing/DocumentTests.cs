using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>The tables of docs/observability.md are what the code measures and logs.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_lines = Repository.Lines("docs/observability.md");

    [Theory]
    [InlineData("Baton")]
    [InlineData("Baton.AspNetCore")]
    public async Task Each_meters_table_has_its_instruments_and_no_others(string meter)
    {
        var found = new List<string>();
        await using var server = await Server.StartAsync(static app => app.MapGet("/", () => ""));
        new ContextPropagation().Register(new ContextKey<string>("long"), "x-long", ContextCodec.Text).Inject(
            Context.Background, 0, static (_, _, _) => { });
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == meter)
                {
                    lock (found)
                    {
                        found.Add($"`{instrument.Name}` | {Kind(instrument)} | `{instrument.Unit}`");
                    }
                }
            },
        };
        RunClassConstructors();
        listener.Start();

        var rows = s_lines.SkipWhile(line => line != $"### Meter `{meter}`").Skip(1)
            .TakeWhile(static line => !line.StartsWith('#'))
            .Select(static line => Row().Match(line)).Where(static row => row.Success)
            .Select(static row => row.Groups[1].Value);
        // Servers of other tests publish theirs to this listener too, and go on doing so.
        string[] instruments;
        lock (found)
        {
            instruments = [.. found.Distinct().Order()];
        }

        Assert.Equal(instruments, rows.Order());
    }

    [Fact]
    public void The_table_of_logs_has_each_message_with_its_id_name_and_level()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(static method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static one => one.Message is not null)
            .OrderBy(static one => one.Message!.EventId)
            .Select(static one => string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Message!.EventId} | `{one.Name}` | {one.Message.Level} | {one.Message.Message} |"));

        Assert.Equal(messages, s_lines.Where(static line => LogRow().IsMatch(line)));
    }

    [Fact]
    public void Each_test_that_is_named_exists()
    {
        var tests = typeof(DocumentTests).Assembly.GetTypes().Select(static type => type.Name).ToHashSet();

        var named = s_lines.SelectMany(static line => Test().Matches(line)).Select(static match => match.Groups[1].Value);

        Assert.All(named, name => Assert.Contains(name, tests));
        Assert.NotEmpty(named);
    }

    /// <summary>An instrument of a static meter is there once its class is.</summary>
    private static void RunClassConstructors()
    {
        foreach (var type in typeof(Context).Assembly.GetTypes().Where(static type =>
            type.Name.EndsWith("Meter", StringComparison.Ordinal)))
        {
            System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> => "counter",
        ObservableUpDownCounter<int> => "observable up-down counter",
        _ => instrument.GetType().Name,
    };

    [GeneratedRegex(@"^\| (`baton\.[^|]+ \| [^|]+ \| `[^|]+`) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| \d+ \| `")]
    private static partial Regex LogRow();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex Test();
}
