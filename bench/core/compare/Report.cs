using Baton.Measuring;

namespace Baton.Compare;

/// <summary>The result of a run: the tables of every collector, and whether each bar was met.</summary>
internal sealed record Report(
    MachineInfo Machine, Effort Effort, string Command, IReadOnlyList<Section> Sections)
{
    internal IReadOnlyList<Judgement> Judgements { get; } =
        [.. Sections.SelectMany(static section => section.Rows).SelectMany(static row => row.Judgements)];

    internal bool IsMissed => Judgements.Any(static one => one.Verdict == Verdict.Missed);
}

/// <summary>The tables under one garbage collector.</summary>
internal sealed record Section(string Title, IReadOnlyList<Row> Rows);

/// <summary>An act, its figures, and whether they meet its bars.</summary>
internal sealed record Row(string Group, Act Act, Figures Figures)
{
    internal IReadOnlyList<Judgement> Judgements { get; } = [.. Act.Bars.Select(bar => bar.Judge(Figures))];
}
