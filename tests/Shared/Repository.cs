namespace Baton.Tests;

/// <summary>
/// The files of this repository. Found from where the tests run: a CI build rewrites the paths of source
/// files.
/// </summary>
internal static class Repository
{
    private static readonly Lazy<string> s_root = new(FindRoot);

    internal static string PathTo(params string[] parts) => Path.Combine([s_root.Value, .. parts]);

    internal static string[] Lines(string path) => File.ReadAllLines(PathTo(path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Baton.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"Baton.slnx is in no folder above {AppContext.BaseDirectory}. Run the tests from within the repository.");
    }
}
