using System.Diagnostics;
using System.IO.Compression;

namespace Baton.Analyzers.Tests;

/// <summary>
/// The packages, packed from what the tests were built with, and projects outside the repository that
/// reference them and nothing else. All are built at once, as most of the time goes into starting the SDK.
/// </summary>
public sealed class PackageUsers : IAsyncLifetime
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
    private string[] _built = [];

    /// <summary>What the build said about a project.</summary>
    internal string Built(string project) =>
        string.Join(
            '\n', _built.Where(line => line.EndsWith($"{project}.csproj]", StringComparison.Ordinal)));

    public async ValueTask InitializeAsync()
    {
        Write("nuget.config", """
            <configuration><packageSources><clear /><add key="here" value="feed" /></packageSources></configuration>
            """);
        Write(".globalconfig", "is_global = true\ndotnet_diagnostic.CA2016.severity = warning\n");
        WriteProject("plain", "Microsoft.NET.Sdk", "Baton");
        WriteProject("silent", "Microsoft.NET.Sdk", "Baton", "<AnalysisMode>None</AnalysisMode>");
        WriteProject("web", "Microsoft.NET.Sdk.Web", "Baton.AspNetCore");
        WriteProject("unported", "Microsoft.NET.Sdk.Web", "Baton.AspNetCore", program: Unported.Program);
        Write("all.slnx", """
            <Solution>
              <Project Path="plain/plain.csproj" /><Project Path="silent/silent.csproj" /><Project Path="web/web.csproj" />
              <Project Path="unported/unported.csproj" />
            </Solution>
            """);
        await PackAsync("Baton", "Baton.AspNetCore");
        _built = (await DotnetAsync("build", "all.slnx", "--nologo", "-tl:off"))
            .Split('\n', StringSplitOptions.TrimEntries);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The manifest of a package, and the names of its files.</summary>
    internal (string Manifest, string[] Files) Packed(string package)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(_folder.FullName, "feed", $"{package}.1.0.0-test.nupkg"));
        using var manifest = new StreamReader(archive.GetEntry($"{package}.nuspec")!.Open());
        return (manifest.ReadToEnd(), [.. archive.Entries.Select(static entry => entry.FullName)]);
    }

    internal string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    private async Task PackAsync(params string[] packages)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var projects = packages.Select(one => Path.Combine(Repository.PathTo("src", one), one + ".csproj"));
        Write("pack.proj", $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{string.Join(';', projects)}" Targets="Pack" BuildInParallel="true"
                         Properties="NoBuild=true;Configuration={configuration};MinVerVersionOverride=1.0.0-test;PackageOutputPath={Path.Combine(_folder.FullName, "feed")}/" />
              </Target>
            </Project>
            """);
        await DotnetAsync("msbuild", "pack.proj", "-t:Pack", "-nologo", "-tl:off");
    }

    private void WriteProject(string name, string sdk, string package, string property = "", string program = Program)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, name));
        Write($"{name}/{name}.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestorePackagesPath>../packages</RestorePackagesPath>
                {property}
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="1.0.0-test" /></ItemGroup>
            </Project>
            """);
        Write($"{name}/Program.cs", program);
    }

    private void Write(string name, string text) =>
        File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    /// <summary>What a restore says of a project for another framework that references a package.</summary>
    internal async Task<string> RestoreForAsync(string framework, string package)
    {
        Write("other.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{framework}</TargetFramework>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="1.0.0-test" /></ItemGroup>
            </Project>
            """);
        return (await RunAsync("restore", "other.csproj", "--nologo", "-tl:off")).Output;
    }

    internal async Task<string> DotnetAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await errors);
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
