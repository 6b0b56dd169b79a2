namespace Baton.Storm;

internal enum Kind
{
    /// <summary>Kestrel and minimal API, for the flood of resets to be held against.</summary>
    Bare,

    /// <summary>The same with <c>UseBaton()</c>.</summary>
    Baton,

    /// <summary>
    /// With <c>UseBaton()</c>, handlers of every sort, and an eye on what becomes of their contexts.
    /// </summary>
    Watched,
}
