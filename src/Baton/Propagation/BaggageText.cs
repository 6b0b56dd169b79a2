using System.Diagnostics;

namespace Baton;

/// <summary>The text of W3C's header <c>baggage</c>: <c>name=value;property, name=value</c>.</summary>
internal static class BaggageText
{
    /// <summary>
    /// The value of the first member of that name, without its properties; null if there is none.
    /// </summary>
    internal static string? Find(ReadOnlySpan<char> baggage, string name)
    {
        foreach (var range in baggage.Split(','))
        {
            var member = baggage[range];
            var equals = member.IndexOf('=');
            if (equals > 0 && member[..equals].Trim().SequenceEqual(name))
            {
                var value = member[(equals + 1)..];
                var semicolon = value.IndexOf(';');
                return (semicolon < 0 ? value : value[..semicolon]).Trim().ToString();
            }
        }

        return null;
    }

    /// <summary>What .NET would write for the current activity; null if that is nothing.</summary>
    internal static string? OfActivity()
    {
        if (Activity.Current is not { } activity)
        {
            return null;
        }

        string?[] found = [null];
        DistributedContextPropagator.Current.Inject(
            activity,
            found,
            static (carrier, name, value) =>
            {
                if (name.Equals(PropagationNames.Baggage, StringComparison.OrdinalIgnoreCase))
                {
                    ((string?[])carrier!)[0] = value;
                }
            });
        return found[0];
    }

    /// <summary>Our members, and those others whose names are not among ours.</summary>
    internal static string Join(string ours, string? others)
    {
        var names = ours.Split(',').Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var kept = (others ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(member => !names.Contains(NameOf(member)));
        return string.Join(',', ours.Length > 0 ? kept.Prepend(ours) : kept);
    }

    private static string NameOf(string member) => member.Split('=', 2)[0].Trim();
}
