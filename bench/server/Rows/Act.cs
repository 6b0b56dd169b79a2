namespace Baton.ServerBench;

/// <summary>What a request does, on two servers of .NET.</summary>
/// <param name="Name">What <c>--only</c> picks it by.</param>
/// <param name="Title">What it is called in a table.</param>
/// <param name="DotNet">The server that has it by hand.</param>
/// <param name="Baton">The server that has it by Baton.</param>
/// <param name="Least">The least rate over .NET's; null if there is no bar.</param>
internal sealed record Act(string Name, string Title, Kind DotNet, Kind Baton, double? Least)
{
    /// <summary>No bar is to be read more finely than this.</summary>
    internal static Act Control { get; } = new(
        "plain", "a plain endpoint of Kestrel against another", Kind.Bare, Kind.BareAgain, Least: null)
    {
        IsControl = true,
    };

    internal static IReadOnlyList<Act> Barred { get; } =
    [
        new("plain", "plain endpoint", Kind.Bare, Kind.Baton, 0.98) { BytesMore = 0 },
        new("derive", "derive a timeout child, release it", Kind.Bare, Kind.Baton, 0.97) { BytesMore = 250 },
        new("timeout", "plain endpoint, default timeout", Kind.BareTimeout, Kind.BatonTimeout, 1.0),
    ];

    /// <summary>What an application pays that wants the context by constructor injection.</summary>
    internal static IReadOnlyList<Act> Prices { get; } =
    [
        new("accessor", "plain endpoint, with `AddHttpContextAccessor()` for Baton", Kind.Bare,
            Kind.BatonInjecting, Least: null),
        new("injected", "a scoped service, for Baton one that takes the context", Kind.Bare,
            Kind.BatonInjecting, Least: null),
    ];

    /// <summary>What the act may allocate over .NET's; null if there is no bar.</summary>
    internal int? BytesMore { get; init; }

    /// <summary>Whether it is there to show what the measuring itself makes of two equals.</summary>
    internal bool IsControl { get; init; }

    internal string Path => $"/{Name}";
}
