using System.Globalization;
using Baton.Measuring;

namespace Baton.Compare;

/// <summary>What a run gave: for every collector its tables, and for every bar its verdict.</summary>
internal sealed record Report(MachineInfo Machine, Effort Effort, string Command, IReadOnlyList<Section> Sections)
{
    internal IEnumerable<(Row Row, Judgement Judgement)> Judgements => Sections
        .SelectMany(static section => section.Rows)
        .SelectMany(static row => row.Judgements.Select(judgement => (row, judgement)));

    internal bool IsMissed => Judgements.Any(static one => one.Judgement.Verdict == Verdict.Missed);

    internal string Summary
    {
        get
        {
            int Count(Verdict verdict) => Judgements.Count(one => one.Judgement.Verdict == verdict);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Count(Verdict.Met)} bars met, {Count(Verdict.Missed)} missed, {Count(Verdict.NotMeasured)} not measured");
        }
    }
}

/// <summary>The tables under one garbage collector.</summary>
internal sealed record Section(string Title, IReadOnlyList<Row> Rows);

/// <summary>An act, its figures, and how they stand to its bars.</summary>
internal sealed record Row(string Group, Act Act, Figures Figures)
{
    internal IReadOnlyList<Judgement> Judgements { get; } = [.. Act.Bars.Select(bar => bar.Judge(Figures))];
}
