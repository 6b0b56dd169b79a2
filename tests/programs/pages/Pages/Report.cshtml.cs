using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Baton.Tests.Pages;

public sealed class ReportModel : PageModel
{
    public string Text { get; private set; } = "";

    public async Task OnGetAsync(int id, Context ctx)
    {
        // Past an await: had the page not asked by its parameter, the middleware would know of nothing.
        await Task.Yield();
        Text = $"{id} {ctx == HttpContext.RequestContext} {ModelState.IsValid} {ctx == Context.FromToken(HttpContext.RequestAborted)}";
    }

#pragma warning disable CA1822 // Razor Pages find no static handlers.
    public Task OnPostAsync(Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan);
#pragma warning restore CA1822
}
