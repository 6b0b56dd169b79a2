using System.Buffers;

namespace Baton;

/// <summary>Which names a request header with a time may have.</summary>
internal static class WireNames
{
    /// <summary>What RFC 9110 calls a token.</summary>
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>
    /// Headers about the body, beside those that begin with <c>Content-</c>: a client cannot put one of them
    /// among the headers of a request.
    /// </summary>
    private static readonly string[] s_ofBody = ["Allow", "Expires", "Last-Modified"];

    /// <exception cref="ArgumentException">The name is not one of a request header.</exception>
    internal static string CheckedRequestHeader(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return !name.AsSpan().ContainsAnyExcept(s_token)
            && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            && !s_ofBody.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? name
                : throw new ArgumentException(
                    $"'{name}' is not the name of a request header. Write one such as \"x-deadline-ms\".", nameof(name));
    }
}
