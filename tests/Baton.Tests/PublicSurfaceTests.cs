using System.Text.RegularExpressions;

namespace Baton.Tests;

/// <summary>The public surface of the core stays small enough to be learned: it is counted in its API file.</summary>
public sealed partial class PublicSurfaceTests
{
    private static readonly string[] s_propagation =
        ["ContextPropagation", "ContextCodec", "DeadlineHeader", "HostList"];

    private static readonly string[] s_lines =
        [.. Repository.Lines("src/Baton/PublicAPI.Unshipped.txt").Where(static line => !line.StartsWith('#'))];

    /// <summary>A property counts once, whether or not it can be set.</summary>
    private static readonly string[] s_members =
        [.. s_lines.Where(static line => line.Contains("->", StringComparison.Ordinal))
            .Select(static line => Accessor().Replace(line, "")).Distinct()];

    [Fact]
    public void It_has_at_most_26_types()
    {
        Assert.InRange(s_lines.Count(static line => line.Length > 0 && !line.Contains("->", StringComparison.Ordinal)), 1, 26);
    }

    [Fact]
    public void It_has_at_most_95_members_and_35_of_propagation()
    {
        Assert.InRange(s_members.Count(static member => !IsPropagation(member)), 1, 95);
        Assert.InRange(s_members.Count(IsPropagation), 1, 35);
    }

    [Fact]
    public void Select_has_at_most_18_members()
    {
        Assert.InRange(s_members.Count(static member => SelectMember().IsMatch(member)), 1, 18);
    }

    private static bool IsPropagation(string member) =>
        s_propagation.Any(name => member.Split('(')[0].Contains(name, StringComparison.Ordinal));

    [GeneratedRegex(@"\.(get|set|init) ->.*")]
    private static partial Regex Accessor();

    [GeneratedRegex(@"Baton\.(Select|SelectCases|Received<T>)\.")]
    private static partial Regex SelectMember();
}
