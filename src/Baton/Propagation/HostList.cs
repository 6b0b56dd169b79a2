using System.Buffers;

namespace Baton;

/// <summary>Hosts by name, for an option that says which hosts are told something.</summary>
/// <remarks>
/// A host is <c>orders.internal</c>; <c>orders.internal:8443</c> if only that port is meant;
/// <c>*.internal</c> for every host below a domain; or <c>*</c> for every host. Names are the same in any
/// case. An empty list has no host. It never changes, and is safe to use from any thread.
/// </remarks>
public sealed class HostList
{
    private static readonly SearchValues<char> s_never = SearchValues.Create("/*@?# \t\\");

    /// <summary>A list of hosts. The patterns are copied.</summary>
    /// <exception cref="ArgumentException">One of <paramref name="patterns"/> is not a host.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="patterns"/> is null.</exception>
    public HostList(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        string[] given = [.. patterns];
        var wrong = Array.FindIndex(given, static pattern => !IsPattern(pattern));
        if (wrong >= 0)
        {
            throw new ArgumentException(
                $"A host is a name, with a port if only that port is meant: '{given[wrong]}' is not. Write \"orders.internal\", "
                + "\"orders.internal:8443\", \"*.internal\" for every host below a domain, or \"*\" for all.",
                nameof(patterns));
        }

        Patterns = Array.ConvertAll(given, InAscii);
    }

    internal string[] Patterns { get; }

    /// <summary>Whether the host that an address leads to is in the list.</summary>
    /// <param name="address">The address. A relative one leads to no host, so it is not in any list.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    public bool Contains(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri)
        {
            return false;
        }

        foreach (var pattern in Patterns)
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

        // IdnHost takes the brackets off an IPv6 address, and Host leaves a name in its own script.
        var host = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length > pattern.Length - 1
                && host.AsSpan().EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern.Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The pattern with a name of another script as DNS has it (<c>xn--…</c>): an address gives it so.
    /// </summary>
    private static string InAscii(string pattern)
    {
        if (System.Text.Ascii.IsValid(pattern))
        {
            return pattern;
        }

        var prefix = pattern.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
        var address = new Uri("http://" + pattern[prefix.Length..]);
        var port = pattern.LastIndexOf(':') is var colon and >= 0 ? pattern[colon..] : "";
        return prefix + address.IdnHost + port;
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
