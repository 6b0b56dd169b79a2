using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Baton.Dashboard.Tests;

/// <summary>The page in a real browser.</summary>
public sealed partial class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Absent = "This machine has no /usr/bin/chromium.";

    private static readonly LocatorAssertionsToHaveTextOptions s_text = new() { Timeout = 60_000 };
    private static readonly LocatorAssertionsToBeVisibleOptions s_seen = new() { Timeout = 60_000 };
    private static readonly LocatorAssertionsToHaveCountOptions s_count = new() { Timeout = 60_000 };

    [Fact]
    public async Task It_shows_what_is_in_flight_and_text_with_markup_as_text()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await using var visit = await chromium.OpenAsync(shop.Server);
        foreach (var path in (string[])["/orders/7", "/search", "/report/2026", "/marked"])
        {
            await shop.AskAsync(path);
        }

        // The order waits for the stock, which is a request as well.
        await Expect(visit.Page.Locator("#flight .request")).ToHaveCountAsync(5, s_count);
        await Expect(visit.Page.Locator("#figure-flight")).ToHaveTextAsync("5", s_text);
        await Expect(visit.Row("/orders/{id}")).ToContainTextAsync(new Regex("left of 2 min 0 s, by the endpoint"));
        await Expect(visit.Row("/orders/{id}")).ToContainTextAsync(new Regex(@"GET http://127\.0\.0\.1:\d+.*was given"));
        await Expect(visit.Row("/report/{year}")).ToContainTextAsync("none");
        await Expect(visit.Row(Shop.Marked)).ToBeVisibleAsync();
        Assert.Equal(0, await visit.Page.Locator("#flight img, #flight b").CountAsync());
        Assert.Equal("Requests · Shop", await visit.Page.TitleAsync());

        shop.Finish();
        await Expect(visit.Page.Locator("#figure-flight")).ToHaveTextAsync("0", s_text);
        await Expect(visit.Page.Locator("#endpoints tbody tr")).ToHaveCountAsync(5, s_count);
        await Expect(visit.Page.Locator("#chart-causes")).ToHaveAttributeAsync("aria-label", CompletedFive(), new() { Timeout = 60_000 });
        visit.AssertClean();
    }

    [Fact]
    public async Task It_shows_that_a_client_has_left_and_how_long_the_handler_goes_on()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await using var visit = await chromium.OpenAsync(shop.Server);
        var client = await shop.AskAsync("/report/2026");
        await Expect(visit.Row("/report/{year}")).ToContainTextAsync("running", new() { Timeout = 60_000 });

        client.Dispose();

        await Expect(visit.Row("/report/{year}")).ToContainTextAsync("done: client left", new() { Timeout = 60_000 });
        await Expect(visit.Page.Locator("#figure-done")).ToHaveTextAsync("1", s_text);
        var over = visit.Row("/report/{year}").Locator(".over");
        var first = await over.TextContentAsync();
        await Expect(over).Not.ToHaveTextAsync(first!, s_text);
        visit.AssertClean();
    }

    [Fact]
    public async Task An_operator_cancels_a_request_and_others_see_no_button()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await shop.AskAsync("/report/2026");
        await using var bobs = await chromium.OpenAsync(shop.Server, user: "bob");
        await using var anns = await chromium.OpenAsync(shop.Server, user: "ann");

        await bobs.Row("/report/{year}").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(bobs.Page.GetByText("Copy link")).ToBeVisibleAsync(s_seen);
        Assert.Equal(0, await bobs.Page.GetByText("Cancel request").CountAsync());
        await anns.Row("/report/{year}").GetByRole(AriaRole.Button).ClickAsync();
        await anns.Page.GetByText("Cancel request").ClickAsync();

        await Expect(bobs.Row("/report/{year}")).ToContainTextAsync("done: canceled", new() { Timeout = 60_000 });
        await Expect(anns.Page.Locator(".detail")).ToContainTextAsync("CanceledByOperatorException", new() { Timeout = 60_000 });
        anns.AssertClean();
        bobs.AssertClean();
    }

    [Fact]
    public async Task Filters_search_order_pause_and_a_link_work()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await using var visit = await chromium.OpenAsync(shop.Server);
        await shop.AskAsync("/search");
        await shop.AskAsync("/slow");
        var rows = visit.Page.Locator("#flight .request");
        await Expect(rows).ToHaveCountAsync(2, s_count);
        await Expect(visit.Row("/slow")).ToContainTextAsync("deadline passed", new() { Timeout = 60_000 });

        await visit.Page.Locator("#state").SelectOptionAsync("done");
        await Expect(rows).ToHaveCountAsync(1, s_count);
        await visit.Page.Locator("#state").SelectOptionAsync("");
        await visit.Page.Locator("#search").FillAsync("SEARCH");
        await Expect(rows).ToHaveCountAsync(1, s_count);
        await Expect(rows.First).ToContainTextAsync("/search");
        await visit.Page.Locator("#search").FillAsync("");
        await visit.Page.Locator("#route").SelectOptionAsync("/slow");
        await Expect(rows).ToHaveCountAsync(1, s_count);
        await visit.Page.Locator("#route").SelectOptionAsync("");
        await visit.Page.Locator("#flight .sort[data-sort=route]").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("/search", new() { Timeout = 60_000 });
        await Expect(visit.Page.Locator("#flight th").First).ToHaveAttributeAsync("aria-sort", "ascending");

        await visit.Page.Locator("#pause").ClickAsync();
        await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Paused", s_text);
        var id = await visit.Row("/search").GetAttributeAsync("data-id");
        await using var linked = await chromium.OpenAsync(shop.Server, hash: $"#{id}");
        await Expect(linked.Page.Locator(".detail")).ToContainTextAsync(id!, new() { Timeout = 60_000 });
        await Expect(linked.Page.Locator(".tree")).ToContainTextAsync("WithCancel", new() { Timeout = 60_000 });
        visit.AssertClean();
        linked.AssertClean();
    }

    /// <summary>A browser has six connections to a host, for this page and all others of the application.</summary>
    [Fact]
    public async Task A_page_that_is_not_seen_holds_no_connection_and_goes_on_when_it_is_seen_again()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(shop.Server.Services);
        await using var visit = await chromium.OpenAsync(shop.Server);
        await WaitFor.True(() => watch.Readers == 1);

        await SetVisibleAsync(false);
        await WaitFor.True(() => watch.Readers == 0);
        await visit.Page.Locator("#pause").ClickAsync();
        await SetVisibleAsync(true);
        await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Paused", s_text);
        Assert.Equal(0, watch.Readers);
        await visit.Page.Locator("#pause").ClickAsync();
        await WaitFor.True(() => watch.Readers == 1);
        await SetVisibleAsync(false);
        await WaitFor.True(() => watch.Readers == 0);
        await shop.AskAsync("/search");
        await SetVisibleAsync(true);

        await Expect(visit.Page.Locator("#figure-flight")).ToHaveTextAsync("1", s_text);
        await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Live", s_text);
        visit.AssertClean();

        Task SetVisibleAsync(bool isVisible) => visit.Page.EvaluateAsync(
            """
            isVisible => {
              Object.defineProperty(document, "visibilityState", { configurable: true, value: isVisible ? "visible" : "hidden" });
              document.dispatchEvent(new Event("visibilitychange"));
            }
            """,
            isVisible);
    }

    [Fact]
    public async Task It_shows_what_holds_up_the_stop_until_the_server_has_stopped()
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await shop.AskAsync("/search");
        await using var visit = await chromium.OpenAsync(shop.Server);
        await Expect(visit.Page.Locator("#figure-flight")).ToHaveTextAsync("1", s_text);

        var stopping = shop.Server.StopAsync();

        await Expect(visit.Page.Locator("#stop-text")).ToContainTextAsync("1 request is left", new() { Timeout = 60_000 });
        await Expect(visit.Page.Locator("#stop-list")).ToContainTextAsync("/search");
        shop.Finish();
        await WaitFor.Completion(stopping);
        await Expect(visit.Page.Locator("#status")).ToHaveTextAsync(new Regex("The server has stopped|No connection"), s_text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Axe_finds_nothing_serious_and_pictures_are_taken(bool isDark)
    {
        Assert.SkipUnless(Chromium.IsHere, Absent);
        await using var shop = await Shop.StartAsync();
        await using var visit = await chromium.OpenAsync(shop.Server, user: "ann", isDark);
        foreach (var path in (string[])["/orders/7", "/search", "/slow", "/report/2026"])
        {
            await shop.AskAsync(path);
        }

        await shop.Server.Client.GetStringAsync("/quick");
        if (Environment.GetEnvironmentVariable("BATON_WRITE_SCREENSHOT") == "1" && !isDark)
        {
            await PictureAsync(shop, visit);
        }

        await Expect(visit.Row("/slow")).ToContainTextAsync("done", new() { Timeout = 60_000 });
        await Expect(visit.Page.Locator("#endpoints")).ToContainTextAsync("/quick", new() { Timeout = 60_000 });
        await visit.Row("/orders/{id}").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visit.Page.Locator(".tree")).ToContainTextAsync("WithTimeout", new() { Timeout = 60_000 });

        await LookAsync(visit, $"desktop-{(isDark ? "dark" : "light")}");
        await visit.Page.SetViewportSizeAsync(390, 844);
        await LookAsync(visit, $"phone-{(isDark ? "dark" : "light")}");
    }

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Repository.PathTo("artifacts", "screenshots", $"dashboard-{name}.png"),
            FullPage = true,
        });
        var found = await visit.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });

        Assert.Empty(found.Violations.Where(static one => one.Impact is "serious" or "critical")
            .Select(static one => $"{one.Id}: {string.Join(" | ", one.Nodes.Select(static node => node.Html))}"));
    }

    /// <summary>The picture of the README: a minute of a shop's life, as one sees it without scrolling.</summary>
    private static async Task PictureAsync(Shop shop, Visit visit)
    {
        await shop.LiveAsync(TimeSpan.FromMinutes(1));
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Repository.PathTo("docs", "images", "dashboard.png"),
            FullPage = true,
        });
    }

    [GeneratedRegex("^In five minutes: 5 completed")]
    private static partial Regex CompletedFive();
}
