using Microsoft.AspNetCore.Http;

namespace Baton.Tests.Pages;

/// <summary>What a test lets a handler do with its context, whatever the handler looks like.</summary>
public sealed record Act(Func<Context, HttpContext, Task<string>> Run);
