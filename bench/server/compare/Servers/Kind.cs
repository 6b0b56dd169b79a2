namespace Baton.ServerBench;

/// <summary>The servers of .NET.</summary>
internal enum Kind
{
    /// <summary>Kestrel and minimal API, by hand what Baton does.</summary>
    Bare,

    /// <summary>The same once more: how far two equals differ by what is measured.</summary>
    BareAgain,

    /// <summary>The same with <c>UseBaton()</c>.</summary>
    Baton,

    /// <summary><c>UseRequestTimeouts()</c> with a default policy.</summary>
    BareTimeout,

    /// <summary><c>UseBaton()</c> with a default timeout.</summary>
    BatonTimeout,

    /// <summary>
    /// <c>UseBaton()</c> and <c>AddHttpContextAccessor()</c>: any service may take the context.
    /// </summary>
    BatonInjecting,

    /// <summary>
    /// <c>UseBaton()</c> in the environment Development, which has more middleware: what an application with the page
    /// is compared with.
    /// </summary>
    BatonDevelopment,

    /// <summary>The same with <c>MapBatonDashboard()</c>, and nobody looks.</summary>
    BatonPage,

    /// <summary>The same, with the page open.</summary>
    BatonPageOpen,
}
