using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Http.Tests.Same;

/// <summary>What a scenario shows: the requests that arrive, and what the caller gets.</summary>
internal static partial class Recording
{
    /// <summary>Runs a scenario in one manner, and writes down what it shows.</summary>
    internal static async Task<string> OfAsync(Scenario scenario, Manner manner, Hosts hosts)
    {
        hosts.Clear();
        hosts.Serve = http => scenario.Serve(http, hosts);
        await using var clients = new Clients(scenario, manner, hosts);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        var caller = new Caller(clients.Client, clients.ContextOf(ctx));
        var seen = await SeenAsync(
            () => scenario.Act is { } act ? act(caller, hosts) : CallAsync(caller, scenario, hosts));
        var arrivals = hosts.Arrivals.Select(static arrival => Text(arrival));
        var text = new StringBuilder();
        text.AppendJoin('\n', scenario.IsParallel ? arrivals.Order() : arrivals).Append("\n→ ").Append(seen);
        return WithoutRandom(text.ToString());
    }

    /// <summary>What a response is, with its body.</summary>
    internal static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{response.Version} {(int)response.StatusCode} {response.ReasonPhrase} of ")
            .Append(CultureInfo.InvariantCulture, $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}\n");
        Append(text, response.Headers);
        Append(text, response.Content.Headers);
        text.Append(CultureInfo.InvariantCulture, $"length {response.Content.Headers.ContentLength}\n");
        text.Append(await SeenAsync(() => response.Content.ReadAsStringAsync())).Append('\n');
        Append(text, response.TrailingHeaders);
        return text.ToString();
    }

    /// <summary>What a call gives, or the exceptions that it throws.</summary>
    internal static async Task<string> SeenAsync(Func<Task<string>> act)
    {
        try
        {
            return await WaitFor.Result(act());
        }
        catch (Exception e)
        {
            var text = new StringBuilder("throws");
            for (var inner = e; inner is not null; inner = inner.InnerException)
            {
                if (inner is IOException && text.ToString().Contains("Canceled", StringComparison.Ordinal))
                {
                    // What a connection says that was canceled depends on how far it had come.
                    break;
                }

                text.Append(CultureInfo.InvariantCulture, $" {inner.GetType().Name}: {inner.Message};");
            }

            return text.ToString();
        }
    }

    private static async Task<string> CallAsync(Caller caller, Scenario scenario, Hosts hosts)
    {
        using var request = scenario.Request(hosts);
        using var response = await caller.SendAsync(request, scenario.Completion);
        return await TextAsync(response);
    }

    private static void Append(StringBuilder text, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated.Where(static header => header.Key != "Date"))
        {
            text.Append(name).Append(": ").Append(values.ToString()).Append('\n');
        }
    }

    private static string Text(Hosts.Arrival arrival) => arrival.Line + "\n" + string.Concat(arrival.Headers
        .Where(static header => !Hosts.Batons.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .Select(static header => $"  {header.Key}: {header.Value}\n"));

    /// <summary>Names the random numbers of tracing by the order in which they come.</summary>
    private static string WithoutRandom(string text)
    {
        var names = new Dictionary<string, string>();
        return Random().Replace(text, found => names.TryGetValue(found.Value, out var name)
            ? name
            : names[found.Value] = $"#{names.Count}");
    }

    [GeneratedRegex("(?<=00-)[0-9a-f]{32}|(?<=00-[0-9a-f]{32}-)[0-9a-f]{16}")]
    private static partial Regex Random();
}
