using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>An endpoint's change to the response to a canceled request.</summary>
internal sealed record CancellationResponseMetadata(Action<HttpContext, CancellationResponse> Configure);
