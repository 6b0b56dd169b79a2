using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// A handler that fails by an error of its own after its request's deadline: the error is logged, whatever middleware
/// catches it. Where ASP.NET Core's own handlers drop it, the log says so, and where to put them.
/// </summary>
public sealed class LateFailureTests
{
    private const string Lost = "What the handler threw is lost there";

    private static readonly TimeSpan s_timeout = TimeSpan.FromHours(1);

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var catcher in new[] { "none", "page", "lambda", "problem", "developer" })
            {
                foreach (var error in new[] { "operation", "io", "both" })
                {
                    data.Add(catcher, error, true);
                    data.Add(catcher, error, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_error_is_in_the_log_or_the_log_says_that_it_is_lost(string catcher, string error, bool isOutside)
    {
        // They take any IOException for that of a client that left, where the request's token is canceled.
        var isLost = !isOutside && catcher != "none" && error == "io";
        var clock = new FakeTimeProvider();
        var given = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isOutside)
                {
                    Catch(app, catcher);
                }

                app.UseBaton();
                if (!isOutside)
                {
                    Catch(app, catcher);
                }

                app.MapGet("/", async (Context ctx) =>
                {
                    given.SetResult(ctx);
                    await Select.Done(ctx);
                    await FailAsync(error, ctx);
                });
                app.MapGet("/error", static () => Results.Text("page", statusCode: 500));
            },
            builder =>
            {
                if (catcher == "problem")
                {
                    builder.Services.AddProblemDetails();
                }

                builder.Services.AddBaton(options =>
                {
                    options.BaseContext = Context.Root(clock);
                    options.Timeout = s_timeout;
                });
            },
            expectedError: isLost ? Lost : "provoked");

        var running = server.Client.GetAsync("/");
        await WaitFor.Result(given.Task);
        clock.Advance(s_timeout);
        using var response = await WaitFor.Result(running);

        // Some of ASP.NET Core's handlers log when the response has been sent.
        await WaitFor.True(() => server.Logs.Any(line =>
            line.Contains(isLost ? Lost : "provoked", StringComparison.Ordinal)));
        Assert.Equal(isLost ? 504 : 500, (int)response.StatusCode);
    }

    private static void Catch(WebApplication app, string catcher)
    {
        switch (catcher)
        {
            case "page":
                app.UseExceptionHandler("/error");
                break;
            case "lambda":
                app.UseExceptionHandler(static page => page.Run(static http => http.Response.WriteAsync("lambda")));
                break;
            case "problem":
                app.UseExceptionHandler();
                break;
            case "developer":
                app.UseDeveloperExceptionPage();
                break;
        }
    }

    private static Task FailAsync(string error, Context ctx) => error switch
    {
        "io" => Task.FromException(new FileNotFoundException("provoked")),
        "both" => Task.WhenAll(
            Task.FromCanceled(ctx.Done), Task.FromException(new InvalidOperationException("provoked"))),
        _ => Task.FromException(new InvalidOperationException("provoked")),
    };
}
