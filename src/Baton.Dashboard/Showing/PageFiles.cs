using Microsoft.AspNetCore.Http;

namespace Baton.Dashboard;

/// <summary>The page, its style and its script: files of this repository that are part of the assembly.</summary>
internal static class PageFiles
{
    internal static RequestDelegate Serve(string name, string type)
    {
        var bytes = Read(name);
        return http => Replies.WriteAsync(http, type, bytes);
    }

    private static byte[] Read(string name)
    {
        using var file = typeof(PageFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly has no file '{name}'.");
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
