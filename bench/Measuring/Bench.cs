using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Measuring;

/// <summary>What all the programs here do alike.</summary>
public static class Bench
{
    /// <summary>What the usage of each says last.</summary>
    public const string ExitCodes = """
        Exit code: 0 if every bar that was measured is met, 1 if one is missed, 2 for bad arguments,
        3 if it could not be measured.
        """;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Lazy<string> s_root = new(FindRoot);

    /// <summary>The folder of the repository.</summary>
    public static string Root => s_root.Value;

    public static int Refuse(string error, string usage)
    {
        Console.Error.WriteLine(error);
        Console.Error.WriteLine();
        Console.Error.WriteLine(usage);
        return 2;
    }

    /// <summary>Runs it, and says why if it could not be measured.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> measure)
    {
        try
        {
            return await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException
            or System.ComponentModel.Win32Exception or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine($"It could not be measured: {e.Message}");
            return 3;
        }
    }

    public static void Note(string? note)
    {
        if (note is not null)
        {
            Console.WriteLine(note);
        }
    }

    public static void Write(string? file, Func<string> text)
    {
        if (file is not null)
        {
            File.WriteAllText(file, text());
        }
    }

    public static string Json(object report) => JsonSerializer.Serialize(report, s_json) + "\n";

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Baton.slnx")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("This runs within its repository.");
        }

        return folder;
    }
}
