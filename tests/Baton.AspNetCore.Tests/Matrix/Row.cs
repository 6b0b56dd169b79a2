namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>One row of the table in docs/aspnetcore-matrix.md: an act, and what a request sees of it.</summary>
/// <param name="Act">What is done, as the table says it.</param>
/// <param name="Go">What Go's net/http 1.26 makes of it.</param>
/// <param name="Kestrel">What a server without Baton makes of it.</param>
/// <param name="Baton">What a request's context makes of it.</param>
/// <param name="Run">Does it to a server, and tells what came of it.</param>
internal sealed record Row(string Act, string Go, string Kestrel, string Baton, Func<Stage, Task<string>> Run)
{
    /// <summary>Where Kestrel and Go differ: which of the two is kept, and why.</summary>
    internal string Kept { get; init; } = "";

    /// <summary>Text of what the server logs as a warning or worse because of it.</summary>
    internal string? Logs { get; init; }

    /// <summary>The server's timeout, set by ASP.NET Core's own means; null for none.</summary>
    internal TimeSpan? Timeout { get; init; }

    /// <summary>What Baton is told.</summary>
    internal Action<BatonOptions>? Options { get; init; }

    /// <summary>What the server is set up with besides.</summary>
    internal Action<WebApplicationBuilder>? Configure { get; init; }

    internal string Expected(Side side) => side == Side.Kestrel ? Kestrel : Baton;

    /// <summary>Does it to a server of its own.</summary>
    internal async Task<string> ObserveAsync(Side side)
    {
        await using var stage = await Stage.StartAsync(side, this);
        return await Run(stage);
    }

    internal string Markdown => $"| {Act} | {Go} | {Kestrel} | {Baton} | {Kept} |";
}
