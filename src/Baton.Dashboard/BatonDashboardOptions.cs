namespace Baton.Dashboard;

/// <summary>What the page of requests may do.</summary>
/// <remarks>For the thread that maps the page. Read once, when the application starts.</remarks>
public sealed class BatonDashboardOptions
{
    /// <summary>
    /// The name of the authorization policy for canceling a request on the page. Null, the default: nobody can.
    /// </summary>
    /// <remarks>
    /// The policy is one of <c>AddAuthorization()</c>. Canceling also needs <c>builder.Services.AddAntiforgery()</c>. It
    /// ends the request's context with a <see cref="CanceledByOperatorException"/>, and is logged.
    /// </remarks>
    public string? CancelPolicy { get; set; }
}
