using System.Net;

namespace Baton.Http;

/// <summary>
/// Lets through the attempts of a call that there is time for, and keeps how the last one failed.
/// </summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Options.TryGetValue(Call.Key, out var call)
            ? AttemptAsync(call, request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> AttemptAsync(
        Call call, HttpRequestMessage request, CancellationToken token)
    {
        var start = await call.BeginAttemptAsync(request, token).ConfigureAwait(false);
        try
        {
            var response = await base.SendAsync(request, token).ConfigureAwait(false);
            if (!MayBeRetried(response.StatusCode))
            {
                call.Succeed(start);
                return response;
            }

            var kept = await KeptResponse.OfAsync(response, token).ConfigureAwait(false);
            call.EndAttempt(start, kept);
            return kept;
        }
        catch (Exception e)
        {
            call.EndAttempt(start, e as HttpRequestException);
            throw;
        }
    }

    /// <summary>The answers that the standard strategies take for a failure that may pass.</summary>
    private static bool MayBeRetried(HttpStatusCode status) =>
        status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests;
}
