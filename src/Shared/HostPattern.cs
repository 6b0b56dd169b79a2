using System.Buffers;

namespace Baton;

/// <summary>
/// Hosts by name: <c>orders.internal</c>, <c>orders.internal:8443</c>, every host below a domain as
/// <c>*.internal</c>, or <c>*</c> for all.
/// </summary>
internal static class HostPattern
{
    private static readonly SearchValues<char> s_never = SearchValues.Create("/*@?# \t\\");

    /// <summary>A copy of the patterns, each of them looked at.</summary>
    /// <exception cref="ArgumentException">One of them is not a host.</exception>
    internal static string[] Checked(IEnumerable<string> patterns, string name)
    {
        ArgumentNullException.ThrowIfNull(patterns, name);
        var hosts = patterns.ToArray();
        var wrong = Array.FindIndex(hosts, static host => !IsPattern(host));
        return wrong < 0 ? hosts : throw new ArgumentException(
            $"A host is a name, with a port if only that one is meant: '{hosts[wrong]}' is not. Write \"orders.internal\", "
            + "\"orders.internal:8443\", \"*.internal\" for every host below a domain, or \"*\" for all.",
            name);
    }

    /// <summary>Whether one of the patterns is for where the address leads.</summary>
    internal static bool Matches(string[] patterns, Uri address)
    {
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, Uri address)
    {
        if (pattern is "*")
        {
            return true;
        }

        // The last colon is a port's, unless it stands in the brackets of an IPv6 address.
        var colon = pattern.LastIndexOf(':');
        if (colon > pattern.LastIndexOf(']'))
        {
            if (!int.TryParse(pattern[(colon + 1)..], out var port) || port != address.Port)
            {
                return false;
            }

            pattern = pattern[..colon];
        }

        // IdnHost takes the brackets off, Host leaves a name in its own script.
        var host = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length > pattern.Length - 1
                && host.AsSpan().EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern.Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPattern(string? host)
    {
        if (host is "*")
        {
            return true;
        }

        var name = host is not null && host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return !string.IsNullOrEmpty(name)
            && !name.AsSpan().ContainsAny(s_never)
            && Uri.TryCreate("http://" + name, UriKind.Absolute, out var address)
            && address.AbsolutePath == "/"
            && address.UserInfo.Length == 0;
    }
}
