using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Baton.Tests.Pages;

public sealed class ShapeModel(Act act) : PageModel
{
    public string Text { get; private set; } = "";

    public async Task OnGetAsync(Context ctx) => Text = await act.Run(ctx, HttpContext);
}
