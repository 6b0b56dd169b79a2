using System.Diagnostics;

namespace Baton.Analyzers.Tests;

/// <summary>
/// The package, as a user has it: a fresh project outside the repository that references it and nothing else.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private const string Program = """
        using Baton;

        class Orders
        {
            public static async Task Main() => await PlaceAsync(Context.Background, "hat");

            static async Task PlaceAsync(Context ctx, string order)
            {
                var budget = ctx.WithTimeout(TimeSpan.FromSeconds(2));
                await Task.Delay(1);
                await AskAsync(budget, order);
                await WaitAsync(budget, budget);
            }

            static Task WaitAsync(Context ctx, CancellationToken token) => Task.Delay(token.CanBeCanceled ? 2 : 1);

            static Task AskAsync(Context ctx, string order) =>
                Task.Delay(ctx.Value(new ContextKey<int>("delay")) + order.Length, ctx);
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("baton-package-");

    [Fact]
    public async Task Brings_its_rules_and_fixes_to_a_project_that_references_it()
    {
        await PackAsync("Baton");
        WriteProject("Microsoft.NET.Sdk", "Baton");
        Write(".globalconfig", "is_global = true\ndotnet_diagnostic.CA2016.severity = warning\n");

        var first = await DotnetAsync("build", "--nologo", "-tl:off");
        var silenced = await DotnetAsync("build", "--nologo", "-tl:off", "--no-restore", "--no-incremental", "-p:AnalysisMode=None");
        await DotnetAsync("format", "analyzers", "--no-restore", "--severity", "warn");
        var fixedUp = await DotnetAsync("build", "--nologo", "-tl:off", "--no-restore", "-warnaserror");

        Assert.Contains("Program.cs(9,26): warning BTN001: ", first, StringComparison.Ordinal);
        Assert.Contains("Program.cs(10,20): warning BTN10", first, StringComparison.Ordinal);
        Assert.Contains("Program.cs(15,73): warning BTN101: ", first, StringComparison.Ordinal);
        Assert.Contains("Program.cs(18,30): warning BTN201: ", first, StringComparison.Ordinal);
        Assert.DoesNotContain("CA2016", first, StringComparison.Ordinal);
        Assert.Contains("Program.cs(15,68): warning CA2016: ", silenced, StringComparison.Ordinal);
        Assert.DoesNotContain("BTN", silenced, StringComparison.Ordinal);
        Assert.Contains("0 Warning(s)", fixedUp, StringComparison.Ordinal);
        Assert.Contains("using var budget = ", Read("Program.cs"), StringComparison.Ordinal);
        Assert.Contains("private static readonly ContextKey<int> s_delay = new(\"delay\");", Read("Program.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_rules_come_along_with_a_package_that_needs_it()
    {
        await PackAsync("Baton");
        await PackAsync("Baton.AspNetCore");
        WriteProject("Microsoft.NET.Sdk.Web", "Baton.AspNetCore");

        var built = await DotnetAsync("build", "--nologo", "-tl:off");

        Assert.Contains("Program.cs(9,26): warning BTN001: ", built, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // What the tests were built with, packed as it is.
    private async Task PackAsync(string package) => await DotnetAsync(
        "pack", Repository.PathTo("src", package), "--no-build", "--nologo", "-tl:off", "-o", "feed",
        "-p:MinVerVersionOverride=1.0.0-test", "-c", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    private void WriteProject(string sdk, string package)
    {
        Write("fresh.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="1.0.0-test" /></ItemGroup>
            </Project>
            """);
        Write("nuget.config", """
            <configuration><packageSources><clear /><add key="here" value="feed" /></packageSources></configuration>
            """);
        Write("Program.cs", Program);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    private async Task<string> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "1" },
        };
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}\n{await errors}");
            return output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
