namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>Whose view of a request a row takes.</summary>
public enum Side
{
    /// <summary>Kestrel alone: <c>HttpContext.RequestAborted</c>.</summary>
    Kestrel,

    /// <summary>The request's <see cref="Context"/>.</summary>
    Baton,
}
