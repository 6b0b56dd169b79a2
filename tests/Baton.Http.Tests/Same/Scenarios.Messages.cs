using System.IO.Pipelines;

namespace Baton.Http.Tests.Same;

internal static partial class Scenarios
{
    private static IEnumerable<Scenario> Messages()
    {
        const string Group = "messages and clients";
        yield return new Scenario(Group, "a message that is sent twice")
        {
            Act = static async (caller, hosts) =>
            {
                using var request = Scenario.Send("GET")(hosts);
                (await caller.SendAsync(request)).Dispose();
                return (await caller.SendAsync(request)).ToString();
            },
        };
        yield return new Scenario(Group, "a message that is disposed")
        {
            Act = static async (caller, hosts) =>
            {
                var request = Scenario.Send("POST", static () => new StringContent("abc"))(hosts);
                request.Dispose();
                return (await caller.SendAsync(request)).ToString();
            },
        };
        yield return new Scenario(Group, "a content that is sent twice")
        {
            Serve = static (http, _) => Scenario.EchoAsync(http),
            Act = static async (caller, hosts) =>
            {
                using var content = new StreamContent(new MemoryStream("abc"u8.ToArray()));
                using var first = await caller.PostAsync(hosts.First, content);
                using var second = await caller.PostAsync(hosts.First, content);
                return await Recording.TextAsync(first) + await Recording.TextAsync(second);
            },
        };
        yield return new Scenario(Group, "a one-shot content that is sent twice")
        {
            Serve = static (http, _) => Scenario.EchoAsync(http),
            Act = static async (caller, hosts) =>
            {
                using var content = new StreamContent(new OneShot("abc"));
                (await caller.PostAsync(hosts.First, content)).Dispose();
                return (await caller.PostAsync(hosts.First, content)).ToString();
            },
        };
        yield return new Scenario(Group, "the headers of a message when it has been sent")
        {
            Serve = Scenario.Redirect(302, static _ => "/to"),
            Act = static async (caller, hosts) =>
            {
                using var request = Scenario.Send(
                    "GET", set: static request => request.Headers.Add("X-Mine", "1"))(hosts);
                using var response = await caller.SendAsync(request);
                return $"{request.Method} {request.RequestUri} {request.Headers}";
            },
        };
        yield return new Scenario(Group, "a client that is disposed")
        {
            Act = static async (caller, hosts) =>
            {
                caller.Client.Dispose();
                return await caller.GetStringAsync(hosts.First);
            },
        };
        yield return new Scenario(Group, "a relative address without a base")
        {
            Act = static (caller, _) => caller.GetStringAsync(new Uri("/from", UriKind.Relative)),
        };
        yield return new Scenario(Group, "a base address, default headers and a version")
        {
            Client = static client =>
            {
                client.DefaultRequestHeaders.Add("X-Default", "1");
                client.DefaultRequestHeaders.UserAgent.ParseAdd("test/1");
                client.DefaultRequestVersion = new Version(1, 0);
            },
            Act = static async (caller, hosts) =>
            {
                caller.Client.BaseAddress = hosts.First;
                using var response = await caller.GetAsync(new Uri("/from", UriKind.Relative));
                return await Recording.TextAsync(response);
            },
        };
        yield return new Scenario(Group, "a call that blocks its thread")
        {
            Serve = Scenario.Redirect(307, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Act = static async (caller, hosts) =>
            {
                using var request = Scenario.Send("POST", static () => new StringContent("abc"))(hosts);
                using var response = caller.Send(request);
                return await Recording.TextAsync(response);
            },
        };
        yield return new Scenario(Group, "two redirects with one message over an invoker")
        {
            Serve = Scenario.Redirect(302, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Handlers = static _ => [new Resending(static _ => true)],
        };
    }

    private static IEnumerable<Scenario> Failures()
    {
        const string Group = "failures";
        yield return new Scenario(Group, "nobody listens")
        {
            Request = static _ => new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/"),
        };
        yield return new Scenario(Group, "the service aborts before its headers")
        {
            Serve = static (http, _) =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
        };
        yield return new Scenario(Group, "a certificate that is not believed")
        {
            Primary = static _ => new SocketsHttpHandler(),
            Request = static hosts => new HttpRequestMessage(HttpMethod.Get, hosts.Secure),
        };
        yield return new Scenario(Group, "the client's own timeout")
        {
            Primary = static _ => new Silent(),
            Client = static client => client.Timeout = TimeSpan.FromMilliseconds(20),
        };
        yield return new Scenario(Group, "the client's own timeout, in the body")
        {
            Primary = static _ => new Recorder(static (_, _) => new HttpResponseMessage
            {
                Content = new StreamContent(new Pipe().Reader.AsStream()),
            }),
            Client = static client => client.Timeout = TimeSpan.FromMilliseconds(500),
        };
        yield return new Scenario(Group, "CancelPendingRequests")
        {
            Serve = static async (http, hosts) =>
            {
                s_arrived.TrySetResult();
                await Never(http, hosts);
            },
            Act = static async (caller, hosts) =>
            {
                s_arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var calling = caller.GetStringAsync(hosts.First);
                await s_arrived.Task;
                caller.Client.CancelPendingRequests();

                // What is inside depends on how far the connection had come.
                return (await Assert.ThrowsAsync<TaskCanceledException>(() => calling)).Message;
            },
        };
        yield return new Scenario(Group, "a header that is not one")
        {
            Request = Scenario.Send("GET", set: static request => request.Headers.Host = "a b"),
        };
    }

    private static TaskCompletionSource s_arrived = new();

    private static Task Never(HttpContext http, Hosts hosts) =>
        new TaskCompletionSource().Task.WaitAsync(http.RequestAborted)
            .ContinueWith(static _ => { }, TaskScheduler.Default);
}
