using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// samples/hello as it is, in this process, so that a test can stand between it and its server.
/// </summary>
internal sealed class HelloInProcess : IAsyncDisposable
{
    private readonly TaskCompletionSource<IHost> _built =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<HttpContext> _before;
    private Task _run = Task.CompletedTask;
    private int _port;

    private HelloInProcess(Action<HttpContext> before) => _before = before;

    /// <summary>Completes when the first request has come.</summary>
    internal Task Asked => _asked.Task;

    internal static async Task<HelloInProcess> StartAsync(Action<HttpContext> before)
    {
        var hello = new HelloInProcess(before);
        string[] args = ["--urls", "http://127.0.0.1:0"];
        var main = Assembly.LoadFrom(HelloProgram.Path).EntryPoint!;
        hello._run = Task.Factory.StartNew(
            () =>
            {
                // Hosts announce themselves to listeners, on the thread that builds them.
                using var listener = new Listener(hello, Environment.CurrentManagedThreadId);
                main.Invoke(null, [args]);
            },
            TaskCreationOptions.LongRunning);
        var host = await WaitFor.Result(hello._built.Task);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
            started.SetResult);
        await WaitFor.Completion(started.Task);
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        hello._port = new Uri(addresses.Addresses.Single()).Port;
        return hello;
    }

    internal async Task<Socket> AskAsync(string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        (await _built.Task).Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await WaitFor.Completion(_run);
    }

    private void OnRequest(HttpContext http)
    {
        _before(http);
        _asked.TrySetResult();
    }

    private sealed class Filter(HelloInProcess hello) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                hello.OnRequest(http);
                return rest(http);
            });
            next(app);
        };
    }

    private sealed class Listener
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly HelloInProcess _hello;
        private readonly int _thread;
        private readonly IDisposable _subscription;
        private IDisposable? _events;

        internal Listener(HelloInProcess hello, int thread)
        {
            (_hello, _thread) = (hello, thread);
            _subscription = DiagnosticListener.AllListeners.Subscribe(this);
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting" && Environment.CurrentManagedThreadId == _thread)
            {
                _events = value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                return;
            }

            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            {
                builder.ConfigureServices(services =>
                    services.AddSingleton<IStartupFilter>(new Filter(_hello)));
            }
            else if (value is { Key: "HostBuilt", Value: IHost host })
            {
                _hello._built.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            _events?.Dispose();
            _subscription.Dispose();
        }
    }
}
