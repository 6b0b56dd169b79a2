using System.Diagnostics;

namespace Baton;

/// <summary>The members of the header <c>baggage</c> that are ours, beside those of tracing.</summary>
internal static class BaggageMembers
{
    internal const string Name = "baggage";

    /// <summary>What .NET would write for the current activity, if the header were not there yet.</summary>
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
                if (name.Equals(Name, StringComparison.OrdinalIgnoreCase))
                {
                    ((string?[])carrier!)[0] = value;
                }
            });
        return found[0];
    }

    /// <summary>Our members, and those of theirs that have other names.</summary>
    internal static string Join(string ours, string? theirs)
    {
        var names = ours.Split(',').Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var others = (theirs ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(member => !names.Contains(NameOf(member)));
        return string.Join(',', others.Prepend(ours));
    }

    private static string NameOf(string member) => member.Split('=', 2)[0].Trim();
}
