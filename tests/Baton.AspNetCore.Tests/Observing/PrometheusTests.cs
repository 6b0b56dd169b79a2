using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>The files for Prometheus and Grafana in docs/observability.</summary>
public sealed partial class PrometheusTests
{
    private static readonly string s_folder = Repository.PathTo("docs", "observability");

    [Fact]
    public async Task The_alert_rules_raise_their_alerts()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(static folder => File.Exists(Path.Combine(folder, "promtool"))))
        {
            Assert.Skip("This machine has no promtool.");
        }

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["test", "rules", "alerts.test.yml"])
        {
            WorkingDirectory = s_folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(promtool.ExitCode == 0, output + await errors);
    }

    /// <summary>As OpenTelemetry's exporter names them: dots are underscores, and the unit is appended.</summary>
    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("grafana.json")]
    public void Each_metric_that_is_used_is_one_that_the_page_lists(string file)
    {
        var known = Repository.Lines("docs/observability.md")
            .Select(static line => Row().Match(line)).Where(static row => row.Success)
            .Select(static row => row.Groups[1].Value.Replace('.', '_') + (row.Groups[2].Value == "s" ? "_seconds" : ""))
            .Append("http_server_request_duration_seconds").ToHashSet();

        var used = Metric().Matches(File.ReadAllText(Path.Combine(s_folder, file)))
            .Select(static match => match.Groups[1].Value).Distinct().ToArray();

        Assert.NotEmpty(used);
        Assert.Empty(used.Except(known));
    }

    [GeneratedRegex(@"^\| `([a-z._]+)` \| [a-z -]+ \| `([^`]+)` \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\b((?:baton_(?:server|deadline|propagation)|http_server)_[a-z_]+?)(?:_(?:bucket|sum|count|total))?(?=[{\[,)])")]
    private static partial Regex Metric();
}
