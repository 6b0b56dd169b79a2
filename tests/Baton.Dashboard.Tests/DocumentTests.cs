using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Baton.Dashboard.Tests;

/// <summary>docs/dashboard.md says what the code does.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_lines = Repository.Lines("docs/dashboard.md");

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

        var named = s_lines.SelectMany(static line => Test().Matches(line)).Select(static match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
    }

    [Fact]
    public async Task The_table_of_JSON_names_each_property()
    {
        var text = string.Join('\n', s_lines);
        await using var shop = await Shop.StartAsync();
        await shop.Server.ReadAsync();
        await shop.AskAsync("/orders/7");
        await shop.AskAsync("/slow");
        await shop.Server.Client.GetStringAsync("/quick");
        var all = await shop.Server.UntilAsync(static all => all.Rows().Any(static row => row.GetProperty("calls").GetArrayLength() > 0)
            && all.GetProperty("endpoints").GetArrayLength() > 0
            && all.GetProperty("history").GetProperty("seconds").GetArrayLength() > 0);

        Assert.All(Names(all).Distinct(), name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(System.Text.Json.JsonElement json) => json.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => json.EnumerateObject().SelectMany(one => Names(one.Value).Prepend(one.Name)),
        System.Text.Json.JsonValueKind.Array => json.EnumerateArray().SelectMany(Names),
        _ => [],
    };

    [GeneratedRegex(@"^\| \d+ \| `")]
    private static partial Regex LogRow();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex Test();
}
