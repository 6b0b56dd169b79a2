namespace Baton.Analyzers.Tests.LeftAlone;

/// <summary>Tasks that others need, that are shared, dropped, or live longer than the request.</summary>
public class LeftAloneTaskTests
{
    private const string Types = """

        interface IBus
        {
            Task RunAsync(CancellationToken token = default);
            Task BootstrapAsync(CancellationToken token = default);
            Task StartAsync(CancellationToken token = default);
            Task ListenAsync(CancellationToken token = default);
            Task SubscribeAsync(string topic, CancellationToken token = default);
            Task ConsumeAsync(CancellationToken token = default);
        }

        interface INotifier { Task SendAsync(string text, CancellationToken token = default); Task NotifyAsync(CancellationToken token = default); }
        interface IWebhookClient { Task CallAsync(string url, CancellationToken token = default); }
        interface IEmailSender { Task SendAsync(string to, CancellationToken token = default); }
        interface IMailings { Task SendReceiptMailAsync(CancellationToken token = default); Task BroadcastAsync(CancellationToken token = default); }
        interface IEvents { Task PublishAsync(object e, CancellationToken token = default); }

        interface IFusionCache { ValueTask<T> GetOrSetAsync<T>(string key, Func<CancellationToken, Task<T>> factory, CancellationToken token = default); }
        interface IMemoryCache { Task<T> GetOrCreateAsync<T>(string key, Func<string, Task<T>> factory); }
        interface IProductCache { Task<T> OnceAsync<T>(string key, Func<Task<T>> load); }

        static class SingleFlight { public static Task<T> RunAsync<T>(string key, Func<Task<T>> load) => load(); }

        class Store
        {
            public Task<string> LoadAsync(string name, CancellationToken token = default) => Task.FromResult(name);
            public Task SendMailAsync(CancellationToken token = default) => Task.CompletedTask;
        }
        """;

    private static string Orders(string statements, string members = "") => $$"""
        class Orders(Store store, IBus bus, IFusionCache fusion, IMemoryCache memory, IProductCache products, INotifier notifier, IWebhookClient hooks, IEmailSender mail, IMailings mailings, IEvents events) : ControllerBase
        {
            private Task<string>? _loaded;
            private Lazy<Task<string>>? _lazy;
            private readonly ConcurrentDictionary<string, Task<string>> _all = new();

            public async Task Get()
            {
                {{statements}}
                await Task.Yield();
            }
            {{members}}
        }

        class WithContext(Store store, IBus bus, IFusionCache fusion, IMemoryCache memory, IProductCache products, INotifier notifier, IWebhookClient hooks, IEmailSender mail, IMailings mailings, IEvents events) : ControllerBase
        {
            private Task<string>? _loaded;
            private Lazy<Task<string>>? _lazy;
            private readonly ConcurrentDictionary<string, Task<string>> _all = new();

            public async Task Get(Context ctx)
            {
                ctx.ThrowIfDone();
                {{statements}}
                await Task.Yield();
            }
            {{members}}
        }
        """ + Types;

    [Theory]
    [InlineData("await bus.RunAsync();")]
    [InlineData("await bus.BootstrapAsync();")]
    [InlineData("await bus.StartAsync();")]
    [InlineData("await bus.ListenAsync();")]
    [InlineData("await bus.SubscribeAsync(\"orders\");")]
    [InlineData("await bus.ConsumeAsync();")]
    public Task Is_silent_on_a_token_that_is_a_lifetime(string statement) => Verify.Silent(Orders(statement));

    [Fact]
    public Task Reports_a_lifetime_that_is_that_of_the_context() => Verify.Reports("BTN101", """
        class Worker
        {
            public async Task WorkAsync(Context ctx, IBus bus) => await bus.[|RunAsync|]();
        }
        """ + Types);

    [Theory]
    [InlineData("await notifier.SendAsync(\"a\");")]
    [InlineData("await notifier.NotifyAsync();")]
    [InlineData("await hooks.CallAsync(\"http://localhost/\");")]
    [InlineData("await mail.SendAsync(\"a\");")]
    [InlineData("await mailings.SendReceiptMailAsync();")]
    [InlineData("await mailings.BroadcastAsync();")]
    public Task Is_silent_on_what_is_sent_to_others(string statement) => Verify.Silent(Orders(statement));

    [Fact]
    public Task Is_silent_on_an_event_that_is_published_where_only_the_request_has_a_context() =>
        Verify.Reports("BTN101", """
        class Orders(IEvents events) : ControllerBase
        {
            public Task Get() => events.PublishAsync(1);
            public Task Put(Context ctx) => events.[|PublishAsync|](1);
        }
        """ + Types);

    [Fact]
    public Task Is_silent_on_what_a_hub_sends_to_its_clients() => Verify.Silent("""
        interface IChatClient { Task Said(string text, CancellationToken token = default); }

        class Chat(IHubContext<Chat> chat) : Hub
        {
            public Task Say(string text) => Clients.All.SendAsync("said", text);
            public Task SayTo(Context ctx, string text) => Clients.Group("a").SendAsync("said", text);
            public Task Answer(string text) => Clients.Caller.SendAsync("said", text);
            public Task Join() => Groups.AddToGroupAsync(Context.ConnectionId, "a");

            public async Task Later(string text)
            {
                var others = Clients.Others;
                await others.SendAsync("said", text);
                await chat.Clients.User("a").SendAsync("said", text);
            }
        }

        class Typed : Hub<IChatClient>
        {
            public Task Say(string text) => Clients.All.Said(text);
        }

        class Orders(IHubContext<Chat> chat, IHubContext<Typed, IChatClient> typed) : ControllerBase
        {
            public async Task Post()
            {
                await chat.Clients.All.SendAsync("ordered");
                await typed.Clients.Group("a").Said("ordered");
                await chat.Groups.RemoveFromGroupAsync("1", "a");
            }
        }
        """);

    [Theory]
    [InlineData("await memory.GetOrCreateAsync(\"a\", async _ => await store.LoadAsync(\"a\"));")]
    [InlineData("await memory.GetOrCreateAsync(\"a\", _ => store.LoadAsync(\"a\"));")]
    [InlineData("await products.OnceAsync(\"a\", () => store.LoadAsync(\"a\"));")]
    [InlineData("await SingleFlight.RunAsync(\"a\", () => store.LoadAsync(\"a\"));")]
    [InlineData("_lazy = new Lazy<Task<string>>(() => store.LoadAsync(\"a\")); await _lazy.Value;")]
    [InlineData("await (_loaded ??= store.LoadAsync(\"a\"));")]
    [InlineData("_loaded ??= Task.FromResult(await store.LoadAsync(\"a\"));")]
    [InlineData("_loaded = store.LoadAsync(\"a\"); await _loaded;")]
    [InlineData("await _all.GetOrAdd(\"a\", name => store.LoadAsync(name));")]
    [InlineData("await _all.GetOrAdd(\"a\", store.LoadAsync(\"a\"));")]
    [InlineData("_all[\"a\"] = store.LoadAsync(\"a\");")]
    [InlineData("await _all.AddOrUpdate(\"a\", name => store.LoadAsync(name), (name, _) => store.LoadAsync(name));")]
    [InlineData("await LazyInitializer.EnsureInitialized(ref _loaded, () => store.LoadAsync(\"a\"));")]
    [InlineData("await memory.GetOrCreateAsync(\"a\", _ => Load());", "private async Task<string> Load() => await store.LoadAsync(\"a\");")]
    [InlineData("await memory.GetOrCreateAsync(\"a\", Load);", "private async Task<string> Load(string name) => await store.LoadAsync(name);")]
    [InlineData("await memory.GetOrCreateAsync(\"a\", Load); async Task<string> Load(string name) => await store.LoadAsync(name);")]
    public Task Is_silent_on_what_is_made_once_for_many(string statements, string members = "") =>
        Verify.Silent(Orders(statements, members));

    [Fact]
    public Task Leaves_the_inside_of_a_factory_to_its_own_token() => Verify.Reports("BTN101", """
        class Orders(Store store, IFusionCache fusion)
        {
            public async Task Get(Context ctx) =>
                await fusion.[|GetOrSetAsync|]("a", async token => await store.LoadAsync("a"));
        }
        """ + Types);

    [Theory]
    [InlineData("_ = store.SendMailAsync();")]
    [InlineData("_ = SendMail();", "private async Task SendMail() { await store.SendMailAsync(); await Task.Delay(1); }")]
    [InlineData("_ = SendMail(); async Task SendMail() => await store.SendMailAsync();")]
    [InlineData("_ = Task.Run(async () => await store.SendMailAsync());")]
    [InlineData("new Thread(() => store.SendMailAsync().Wait()).Start();")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => store.SendMailAsync().Wait());")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += async (_, _) => await store.SendMailAsync();")]
    [InlineData("var later = SendMail();", "private async Task SendMail() => await store.SendMailAsync();")]
    [InlineData("EnqueueMail(async () => await store.SendMailAsync());", "private static void EnqueueMail(Func<Task> task) => task();")]
    public Task Is_silent_on_a_task_that_nothing_waits_for(string statements, string members = "") =>
        Verify.Silent(Orders(statements, members));
}
