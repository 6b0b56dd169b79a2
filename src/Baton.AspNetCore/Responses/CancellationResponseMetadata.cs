using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>An endpoint's change to the answer of a canceled request.</summary>
internal sealed record CancellationResponseMetadata(Action<HttpContext, CancellationResponse> Configure);
