using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Http.Tests.Same;

internal static partial class Scenarios
{
    private static IEnumerable<Scenario> Handlers()
    {
        const string Group = "handlers of the application's own";
        yield return new Scenario(Group, "one that refreshes a token after 401")
        {
            Serve = Asking("Bearer"),
            Handlers = static _ => [new Refreshing()],
        };
        foreach (var status in (int[])[404, 503])
        {
            yield return new Scenario(Group, $"one that sends again after {status}")
            {
                Serve = First(status),
                Handlers = _ => [new Resending(response => (int)response.StatusCode == status)],
                Request = Scenario.Send("POST", static () => new StringContent("abc")),
            };
        }

        yield return new Scenario(Group, "one that sends a copy")
        {
            Serve = First(503),
            Handlers = static _ => [new Copying()],
            Request = Scenario.Send("POST", static () => new StringContent("abc")),
        };
        foreach (var completion in Enum.GetValues<HttpCompletionOption>())
        {
            yield return new Scenario(Group, $"one that replaces the body, {completion}")
            {
                Serve = Sized,
                Handlers = static _ => [new Replacing()],
                Completion = completion,
            };
        }

        yield return new Scenario(Group, "one further in that buffers a one-shot body, and one that sends again")
        {
            Serve = First(503),
            Primary = static _ => new Buffering { InnerHandler = new SocketsHttpHandler() },
            Handlers = static _ => [new Resending(static response => !response.IsSuccessStatusCode)],
            Request = Scenario.Send("POST", static () => new StreamContent(new OneShot("abc"))),
        };
        yield return new Scenario(Group, "one that sends a one-shot body again")
        {
            Serve = First(503),
            Handlers = static _ => [new Resending(static response => !response.IsSuccessStatusCode)],
            Request = Scenario.Send("POST", static () => new StreamContent(new OneShot("abc"))),
        };
        yield return new Scenario(Group, "one that throws") { Handlers = static _ => [new Throwing()] };
        yield return new Scenario(Group, "service discovery")
        {
            Serve = Scenario.Redirect(302, static _ => "/to"),
            Builder = static (builder, hosts) =>
            {
                builder.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
                    new Dictionary<string, string?> { ["services:orders:http:0"] = hosts.First.ToString() }).Build());
                builder.Services.AddServiceDiscovery();
                builder.AddServiceDiscovery();
            },
            Request = static _ => new HttpRequestMessage(HttpMethod.Get, "http://orders/from"),
        };
        foreach (var method in (string[])["GET", "HEAD", "POST"])
        {
            yield return new Scenario(Group, $"YARP, {method}")
            {
                Serve = Sized,
                Act = async (caller, hosts) => await ForwardAsync(caller, hosts, method),
            };
        }
    }

    private static IEnumerable<Scenario> Strategies()
    {
        const string Group = "strategies";
        yield return new Scenario(Group, "the standard resilience handler, a GET that is retried")
        {
            Serve = First(503),
            Builder = Resilient,
        };
        yield return new Scenario(Group, "the standard resilience handler, a POST that is retried")
        {
            Serve = First(500),
            Builder = Resilient,
            Request = Scenario.Send("POST", static () => new StringContent("abc")),
        };
        yield return new Scenario(Group, "the standard resilience handler, all attempts fail")
        {
            Serve = Status(503),
            Builder = Resilient,
            Completion = Headers,
        };
        yield return new Scenario(Group, "the standard resilience handler, nobody listens")
        {
            Builder = Resilient,
            Request = static _ => new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/"),
        };
        yield return new Scenario(Group, "the standard resilience handler, an attempt that is cut")
        {
            Serve = First(0),
            Builder = static (builder, _) => builder.AddStandardResilienceHandler(static options =>
            {
                options.Retry.Delay = TimeSpan.Zero;
                options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
            }),
        };
        yield return new Scenario(Group, "the standard resilience handler, a retry after a redirect")
        {
            Serve = static (http, hosts) => http.Request.Path == "/from"
                ? Loop(new Uri(hosts.Second, "/to").ToString())(http, hosts)
                : First(503, "/to")(http, hosts),
            Builder = Resilient,
        };
        yield return new Scenario(Group, "the standard hedging handler")
        {
            Serve = First(503),
            Builder = static (builder, _) => builder.AddStandardHedgingHandler(),
            IsParallel = true,
        };
    }

    private static IEnumerable<Scenario> Tracing()
    {
        const string Group = "tracing";
        yield return Traced(new Scenario(Group, "a redirect") { Serve = Scenario.Redirect(302, static _ => "/to") });
        yield return Traced(new Scenario(Group, "a retry") { Serve = First(503), Builder = Resilient });
        yield return Traced(new Scenario(Group, "headers that the caller has set")
        {
            Request = Scenario.Send("GET", set: static request => request.Headers.Add("baggage", "mine=1")),
        });
        yield return Traced(new Scenario(Group, "a propagator that writes nothing")
        {
            Primary = static _ => new SocketsHttpHandler
            {
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            },
        });
        yield return Traced(new Scenario(Group, "no propagator, a redirect")
        {
            Serve = Scenario.Redirect(302, static _ => "/to"),
            Primary = static _ => new SocketsHttpHandler { ActivityHeadersPropagator = null },
        });
    }

    private static Scenario Traced(Scenario scenario) => scenario with
    {
        Act = async (caller, hosts) =>
        {
            using var activity = new Activity("test");
            activity.SetIdFormat(ActivityIdFormat.W3C).AddBaggage("user", "u1").Start();
            using var request = scenario.Request(hosts);
            using var response = await caller.SendAsync(request);
            return await Recording.TextAsync(response);
        },
    };

    private static void Resilient(IHttpClientBuilder builder, Hosts hosts) =>
        builder.AddStandardResilienceHandler(static options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            options.Retry.UseJitter = false;
        });

    /// <summary>Answers the first request so, and all others with what they ask. Zero: does not answer it.</summary>
    private static Func<HttpContext, Hosts, Task> First(int status, string path = "/from") => (http, hosts) =>
    {
        if (hosts.Arrivals.Count(arrival => arrival.Path == path) > 1)
        {
            return Scenario.EchoAsync(http);
        }

        http.Response.StatusCode = status == 0 ? 200 : status;
        return status == 0 ? Never(http, hosts) : http.Response.WriteAsync("busy");
    };

    /// <summary>Sends a request through a proxy whose outgoing client is the caller's.</summary>
    private static async Task<string> ForwardAsync(Caller caller, Hosts hosts, string method)
    {
        using var invoker = new HttpMessageInvoker(new Forwarding(caller));
        await using var proxy = await AspNetCore.Tests.Server.StartBareAsync(
            app => app.Run(async http =>
            {
                var forwarder = http.RequestServices.GetRequiredService<IHttpForwarder>();
                await forwarder.SendAsync(http, hosts.First.ToString(), invoker);
            }),
            static builder => builder.Services.AddHttpForwarder());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/from?x=1");
        request.Headers.Host = "proxy.test";
        if (method == "POST")
        {
            request.Content = new StringContent("abc");
        }

        using var response = await proxy.Client.SendAsync(request, Headers);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentLength} chunked {response.Headers.TransferEncodingChunked} "
            + await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends on what YARP sends, as a message that may have a context.</summary>
    private sealed class Forwarding(Caller caller) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove("traceparent");
            return caller.SendMessageAsync(request, Headers);
        }
    }

    private sealed class Refreshing : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            response.Dispose();
            request.Headers.Authorization = new("Bearer", "fresh");
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Sends the same message once more after some responses.</summary>
    private sealed class Resending(Func<HttpResponseMessage, bool> isAgain) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!isAgain(response))
            {
                return response;
            }

            response.Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Sends a copy of the message, and another one if the first fails.</summary>
    private sealed class Copying : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(Copy(request), cancellationToken);
            return response.IsSuccessStatusCode ? response : await base.SendAsync(Copy(request), cancellationToken);
        }

        private static HttpRequestMessage Copy(HttpRequestMessage request)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
            foreach (var (key, value) in request.Options)
            {
                ((IDictionary<string, object?>)copy.Options)[key] = value;
            }

            return copy;
        }
    }

    private sealed class Replacing : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Content = new StreamContent(await response.Content.ReadAsStreamAsync(cancellationToken));
            return response;
        }
    }

    private sealed class Buffering : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Throwing : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not today.");
    }
}
