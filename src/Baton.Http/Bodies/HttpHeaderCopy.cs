using System.Net.Http.Headers;

namespace Baton.Http;

internal static class HttpHeaderCopy
{
    /// <summary>Adds the headers to others, as they came.</summary>
    internal static void CopyTo(this HttpHeaders from, HttpHeaders to)
    {
        foreach (var header in from.NonValidated)
        {
            header.CopyTo(to);
        }
    }

    internal static void CopyTo(this KeyValuePair<string, HeaderStringValues> header, HttpHeaders to)
    {
        foreach (var value in header.Value)
        {
            to.TryAddWithoutValidation(header.Key, value);
        }
    }
}
