using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Tests;

/// <summary>What the sources in the tests see: .NET, ASP.NET Core, Baton and Baton.AspNetCore.</summary>
internal static class References
{
    private static readonly Lazy<MetadataReference[]> s_all = new(() =>
    [
        .. Pack("Microsoft.NETCore.App.Ref"),
        .. Pack("Microsoft.AspNetCore.App.Ref"),
        MetadataReference.CreateFromFile(typeof(Context).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(AspNetCore.ClientDisconnectedException).Assembly.Location),
    ]);

    internal static IReadOnlyList<MetadataReference> All => s_all.Value;

    // The SDK that runs the tests has them beside its runtimes: dotnet/packs,
    // dotnet/shared/Microsoft.NETCore.App/10.0.x.
    private static IEnumerable<MetadataReference> Pack(string name)
    {
        var dotnet =
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var pack = Path.Combine(dotnet, "packs", name);
        var newest = Directory.GetDirectories(pack, "10.*")
            .OrderBy(path => Version.Parse(Path.GetFileName(path))).Last();
        return Directory.GetFiles(Path.Combine(newest, "ref", "net10.0"), "*.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
