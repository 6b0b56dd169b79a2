using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>Which names a value may have in the headers of a call.</summary>
internal static class PropagationNames
{
    internal const string Baggage = "baggage";

    /// <summary>The characters of a name in gRPC metadata: HTTP allows these and more.</summary>
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Headers that have a meaning to HTTP, to proxies, to tracing, or as a deadline.</summary>
    private static readonly FrozenSet<string> s_taken = FrozenSet.ToFrozenSet(
        [
            "age", "allow", "authorization", Baggage, "cache-control", "connect-timeout-ms", "connection",
            "context-ttl-ms", "cookie", "correlation-context", "date", "early-data", "expect", "expires",
            "forwarded", "from", "host", "keep-alive", "last-modified", "location", "max-forwards", "origin",
            "pragma", "prefer", "range", "referer", "request-id", "request-timeout", "retry-after", "server",
            "set-cookie", "te", "trailer", "traceparent", "tracestate", "transfer-encoding", "upgrade",
            "user-agent", "vary", "via", "warning", "www-authenticate", "x-envoy-expected-rq-timeout-ms",
            "x-server-timeout", "x-stainless-timeout",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] s_takenPrefixes =
        ["accept", "access-control-", "baton-", "content-", "grpc-", "if-", "proxy-", "sec-", "x-forwarded-"];

    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    internal static string CheckedHeader(
        string name, [CallerArgumentExpression(nameof(name))] string? argument = null)
    {
        CheckCharacters(name, argument);
        if (name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"A header whose name ends in \"-bin\" holds bytes in gRPC: '{name}'. Give it another name.",
                argument);
        }

        if (s_taken.Contains(name)
            || Array.Exists(
                s_takenPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException(
                $"'{name}' has a meaning to HTTP, gRPC or tracing already. Give the value a name of its own, such as \"x-tenant\".",
                argument);
        }

        return name.ToLowerInvariant();
    }

    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    internal static string CheckedMember(
        string name, [CallerArgumentExpression(nameof(name))] string? argument = null)
    {
        CheckCharacters(name, argument);
        return name;
    }

    private static void CheckCharacters(string name, string? argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, argument);
        if (name.AsSpan().ContainsAnyExcept(s_allowed))
        {
            throw new ArgumentException(
                $"A name is letters and digits of ASCII, '-', '_' and '.': '{name}' is not. Write one such as \"x-tenant\".",
                argument);
        }
    }
}
