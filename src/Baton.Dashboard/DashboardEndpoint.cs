namespace Baton.Dashboard;

/// <summary>Marks the endpoints of the page itself. Their requests are not shown on it.</summary>
internal sealed class DashboardEndpoint
{
    internal static DashboardEndpoint Mark { get; } = new();
}
