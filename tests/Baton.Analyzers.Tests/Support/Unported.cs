namespace Baton.Analyzers.Tests;

/// <summary>An application that has added the package and its two lines, and has not heard of contexts otherwise.</summary>
internal static class Unported
{
    /// <summary>The line of the one call that .NET's own CA2016 reports, as it does without Baton.</summary>
    internal const string Forgotten = "Program.cs(27,63)";

    internal const string Program = """
        using Microsoft.AspNetCore.Mvc;
        using Microsoft.AspNetCore.SignalR;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddBaton();
        builder.Services.AddControllers();
        builder.Services.AddSignalR();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddHttpClient();
        builder.Services.AddHostedService<Worker>();
        var app = builder.Build();
        app.UseBaton();
        app.UseMiddleware<Errors>();
        app.Use(async (http, next) =>
        {
            await Task.Delay(1);
            await next(http);
            await File.AppendAllTextAsync("log", "handled", CancellationToken.None);
        });
        app.MapControllers();
        app.MapHub<Chat>("/chat");
        app.MapGet("/", async (HttpContext http, HttpClient client) =>
        {
            _ = Task.Run(async () => await File.AppendAllTextAsync("log", http.TraceIdentifier));
            return await client.GetStringAsync("http://localhost/");
        });
        app.MapGet("/token", async (CancellationToken token) => await File.ReadAllTextAsync("log"));
        app.Run();

        public class Errors(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                try
                {
                    await next(http);
                }
                catch (Exception e)
                {
                    http.Response.StatusCode = 500;
                    await http.Response.WriteAsync(e.Message);
                }
            }
        }

        [ApiController]
        [Route("orders")]
        public class Orders(HttpClient client, IHubContext<Chat> chat, Tenants tenants) : ControllerBase
        {
            private static Task<string>? s_loaded;

            [HttpGet]
            public async Task<string> Get()
            {
                using var source = new CancellationTokenSource(1000);
                await tenants.LoadAsync();
                return await client.GetStringAsync("http://localhost/", source.Token) + await (s_loaded ??= System.IO.File.ReadAllTextAsync("menu"));
            }

            [HttpPost]
            public async Task<int> Post(string name)
            {
                await System.IO.File.WriteAllTextAsync("order", name);
                await chat.Clients.All.SendAsync("ordered", name);
                _ = MailAsync(name);
                return System.IO.File.ReadAllTextAsync("order").Result.Length;
            }

            private static async Task MailAsync(string name)
            {
                while (true)
                {
                    await Task.Delay(name.Length);
                }
            }
        }

        public class Tenants(IHttpContextAccessor accessor)
        {
            public Task<string> LoadAsync() => File.ReadAllTextAsync(accessor.HttpContext?.TraceIdentifier ?? "none");
        }

        public class Chat : Hub
        {
            public async Task Say(string text)
            {
                Thread.Sleep(1);
                await File.AppendAllTextAsync("said", text);
                await Clients.Others.SendAsync("said", text);
            }
        }

        public class Worker : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (!stoppingToken.IsCancellationRequested)
                {
                    await Task.Delay(1000, stoppingToken);
                }
            }
        }
        """;
}
