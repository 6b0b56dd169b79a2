using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Analyzers.Tests;

/// <summary>
/// A source with the places marked where a rule is to report: <c>[|…|]</c> for the one rule under test,
/// <c>{|BTN001:…|}</c> for a rule by its id.
/// </summary>
internal sealed partial record Markup(string Source, IReadOnlyList<Marked> Places)
{
    internal static Markup Parse(string text, string rule)
    {
        var source = new StringBuilder();
        var places = new List<Marked>();
        var open = new Stack<(int Start, string Id)>();
        var from = 0;
        foreach (Match mark in Marks().Matches(text))
        {
            source.Append(text, from, mark.Index - from);
            from = mark.Index + mark.Length;
            if (mark.Value == "|]" || mark.Value == "|}")
            {
                var (start, id) = open.Pop();
                places.Add(new Marked(id, start, source.Length - start));
            }
            else
            {
                open.Push((source.Length, mark.Groups["id"] is { Success: true } id ? id.Value : rule));
            }
        }

        source.Append(text, from, text.Length - from);
        return new Markup(source.ToString(), places);
    }

    [GeneratedRegex(@"\[\|(?!\|)|\|\]|\{\|(?<id>[A-Z]+\d+):|\|\}")]
    private static partial Regex Marks();
}

/// <summary>A place where a rule is to report.</summary>
internal sealed record Marked(string Id, int Start, int Length);
