namespace Baton.Http.Tests.Same;

/// <summary>All scenarios. docs/http.md lists them.</summary>
internal static partial class Scenarios
{
    internal static Scenario[] All { get; } =
    [
        .. Redirects(), .. Credentials(), .. Cookies(), .. RequestBodies(), .. ResponseBodies(), .. Messages(),
        .. Handlers(), .. Strategies(), .. Tracing(), .. Failures(),
    ];
}
