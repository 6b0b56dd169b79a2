using System.Net;
using System.Net.Sockets;

namespace Baton.AspNetCore.Tests;

/// <summary>A running samples/hello.</summary>
internal sealed class HelloProgram : DotnetProgram
{
    private const string Name = "hello";

    private HelloProgram(string url, bool byEnvironment)
        : base(Name, byEnvironment ? [] : ["--urls", url], start =>
        {
            if (byEnvironment)
            {
                start.Environment["ASPNETCORE_URLS"] = url;
            }
        }) => Address = new Uri(url);

    internal static string Path { get; } = PathOf(Name);

    internal Uri Address { get; }

    internal static HelloProgram Run(string url, bool byEnvironment = false) => new(url, byEnvironment);

    /// <summary>Runs it on a free port, and waits until it has started and takes connections.</summary>
    internal static async Task<HelloProgram> StartAsync(bool byEnvironment = false)
    {
        var hello = Run($"http://127.0.0.1:{FreePort()}", byEnvironment);
        await hello.Until(() =>
        {
            // It says where its page is once it has started.
            if (hello.Errors.Length == 0)
            {
                return false;
            }

            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, hello.Address.Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return hello;
    }

    /// <summary>A client that has asked for /hello. It leaves when the socket is disposed.</summary>
    internal async Task<Socket> AskAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        await socket.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        return socket;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
