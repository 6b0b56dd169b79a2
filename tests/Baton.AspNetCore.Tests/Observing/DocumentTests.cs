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
        await using var server = await Server.StartAsync(static app => app.MapGet("/", () => ""));
        new ContextPropagation().Register(new ContextKey<string>("long"), "x-long", ContextCodec.Text).Inject(
            Context.Background, 0, static (_, _, _) => { });
        RunClassConstructors();

        Assert.Equal(MeterTable.Instruments(meter), MeterTable.Rows(meter));
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
    public void The_code_that_adds_meters_adds_each_that_has_a_table()
    {
        var added = s_lines.Single(static line => line.Contains(".AddMeter(", StringComparison.Ordinal));

        Assert.Equal(
            s_lines.Select(static line => MeterHead().Match(line)).Where(static head => head.Success)
                .Select(static head => head.Groups[1].Value).Order(),
            Quoted().Matches(added).Select(static name => name.Groups[1].Value).Order());
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

    [GeneratedRegex("^### Meter `([^`]+)`$")]
    private static partial Regex MeterHead();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| \d+ \| `")]
    private static partial Regex LogRow();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex Test();
}
