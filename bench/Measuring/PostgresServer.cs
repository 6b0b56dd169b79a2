using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Baton.Measuring;

/// <summary>A PostgreSQL server of this process's own, on a free port of the loopback interface.</summary>
/// <remarks>PostgreSQL does not run as root, so root starts it as user postgres. Disposing it stops it.</remarks>
public sealed class PostgresServer : IDisposable
{
    private readonly string _directory;

    private PostgresServer(string directory, int port) => (_directory, Port) = (directory, port);

    public int Port { get; }

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=60";

    /// <summary>What the server has logged since it started.</summary>
    public string Log => Run($"cat {_directory}/log");

    private static string? Binaries => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(static version => version + "/bin")
            .LastOrDefault(static bin => File.Exists(bin + "/initdb"))
        : null;

    /// <summary>Null, and why, where no server can be started.</summary>
    public static PostgresServer? Start(int connections, out string failure)
    {
        failure = "PostgreSQL is not installed on this machine.";
        if (Binaries is not { } binaries)
        {
            return null;
        }

        try
        {
            var port = FreePort();
            var directory = Run("mktemp -d /tmp/baton-postgres-XXXXXX").Trim();
            Run($"{binaries}/initdb -D {directory} -U postgres -A trust --no-sync");
            Run($"{binaries}/pg_ctl -D {directory} -l {directory}/log -w start -o '-p {port} -k {directory} "
                + $"-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections={connections} "
                + "-c log_connections=on' > /dev/null");
            return new PostgresServer(directory, port);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            failure = $"PostgreSQL does not start: {e.Message}";
            return null;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a command line as the user that a server may run as, and gives what it writes.</summary>
    public static string Run(string commandLine)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", "bash", "-c", commandLine + " 2>&1"])
            : new ProcessStartInfo("bash", ["-c", commandLine + " 2>&1"]);
        (start.RedirectStandardOutput, start.WorkingDirectory) = (true, Path.GetTempPath());
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(output);
    }

    public void Dispose()
    {
        Run($"{Binaries}/pg_ctl -D {_directory} -m immediate -w stop");
        Run($"rm -rf {_directory}");
    }
}
