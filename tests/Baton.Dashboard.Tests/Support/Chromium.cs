using Microsoft.Playwright;

namespace Baton.Dashboard.Tests;

/// <summary>Debian's Chromium, started once for all tests of a class. Where it is absent, they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal static bool IsHere { get; } = File.Exists(Path);

    public async ValueTask InitializeAsync()
    {
        if (IsHere)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Path,
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
                Timeout = 120_000,
            });
        }
    }

    /// <summary>Opens the page, of a server on this machine.</summary>
    internal async Task<Visit> OpenAsync(
        Server server, string? user = null, bool isDark = false, int width = 1280, int height = 860, string hash = "")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            ExtraHTTPHeaders = user is null ? [] : new Dictionary<string, string> { ["X-User"] = user },
        });
        context.SetDefaultTimeout(60_000);
        var visit = new Visit(context, await context.NewPageAsync(), server.Client.BaseAddress!.Authority);
        await visit.Page.GotoAsync($"{server.Client.BaseAddress}baton{hash}");
        await visit.Page.Locator("#status[data-state=live]").WaitForAsync();
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>An open page, and what the browser had to say about it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal Visit(IBrowserContext context, IPage page, string host)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complain(message.Text);
            }
        };
        page.PageError += (_, error) => Complain(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(request.Url).Authority != host)
            {
                Complain($"a request to {request.Url}");
            }
        };
    }

    internal IPage Page { get; }

    /// <summary>The row of the first request in flight with this route.</summary>
    internal ILocator Row(string route) =>
        Page.Locator("#flight .request").Filter(new LocatorFilterOptions { HasText = route }).First;

    /// <summary>Fails if there was an error, a violation of the policy, or a request to another host.</summary>
    internal void AssertClean()
    {
        lock (_complaints)
        {
            Assert.Empty(_complaints);
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Complain(string text)
    {
        lock (_complaints)
        {
            _complaints.Add(text);
        }
    }
}
