using System.Globalization;
using System.Text;
using Baton.Measuring;

namespace Baton.Compare;

/// <summary>Writes the report as a page.</summary>
internal static class MarkdownReport
{
    /// <summary>The whole page: the report, and below it the notes on designs, written by hand.</summary>
    internal static string Page(Report report, string notes)
    {
        var page = new StringBuilder();
        page.Append("# Benchmarks\n\n");
        page.Append(report.Machine.Heading(report.Command, "bench/core/compare/notes.md", report.Effort.Rule));
        page.Append(Tables(report));
        page.Append(Explanations(report));
        page.Append(notes);
        return page.ToString();
    }

    /// <summary>The tables, and which bars are missed.</summary>
    internal static string Tables(Report report)
    {
        var text = new StringBuilder();
        foreach (var section in report.Sections)
        {
            foreach (var group in section.Rows.GroupBy(static row => row.Group))
            {
                text.Append(CultureInfo.InvariantCulture, $"## {group.Key}{section.Title}\n\n");
                text.Append("| act | .NET | Baton | Go | Baton ÷ .NET | Go ÷ Baton | bars |\n");
                text.Append("|---|---:|---:|---:|---:|---:|---|\n");
                foreach (var row in group)
                {
                    text.Append(Line(row, report.Machine.Go));
                }

                text.Append('\n');
            }
        }

        return text.Append(
            CultureInfo.InvariantCulture, $"{Judgement.Summary(report.Judgements)}.\n\n").ToString();
    }

    private static string Line(Row row, string go)
    {
        var figures = row.Figures;
        var goes = !row.Act.HasGo
            ? "–"
            : figures.Go.Count == 0 ? go : Cell(figures.Go, figures.GoBytes);
        var bars = string.Join("; ", row.Judgements);
        if (figures.ToOwn.Count > 0)
        {
            bars += $" (its own: {Ratio(figures.ToOwn)})";
        }

        return $"| {row.Act.Title} | {Cell(figures.DotNet, figures.DotNetBytes)} | {Cell(figures.Baton, figures.BatonBytes)} | {goes} "
            + $"| {Ratio(figures.BatonToDotNet)} | {Ratio(figures.GoToBaton)} | {bars} |\n";
    }

    private static string Cell(Statistics time, double bytes) => time.Count == 0
        ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{Time(time.Median)}, {bytes:#,0} B");

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        < 10 => Bench.Text($"{nanoseconds:0.00} ns"),
        < 1000 => Bench.Text($"{nanoseconds:0.0} ns"),
        < 1e6 => Bench.Text($"{nanoseconds / 1e3:0.0} µs"),
        _ => Bench.Text($"{nanoseconds / 1e6:0.0} ms"),
    };

    private static string Ratio(Statistics ratio) => ratio.Count == 0
        ? "–"
        : Bench.Text($"{ratio.Median:0.00} ({ratio.Lower:0.00}–{ratio.Upper:0.00})");

    private static string Explanations(Report report)
    {
        var text = new StringBuilder(
            """
            ## How to read it

            Times and bytes are medians, of one act unless it says otherwise; bytes are what was allocated, exactly. A ratio
            is the median of the ratios of the rounds, with their quartiles: within a round the flavours run one after the
            other in slices of equal length, each in a process of its own, in an order that turns. All have a parent that
            lives long, and a heap without garbage at the start of a slice; collections within it count. The fan and all by the million
            have processes apart, as they leave a heap on which the others would allocate dearer. .NET's code is
            warm: compiled to its last tier, with what the JIT learned from all acts together.

            What stands beside Baton's act, where the name leaves it open:


            """);
        foreach (var acts in report.Sections[0].Rows.Select(static row => row.Act)
            .GroupBy(static act => act.How))
        {
            var titles = string.Join("; ", acts.Select(static act => act.Title));
            text.Append(CultureInfo.InvariantCulture, $"- {titles}: {acts.Key}\n");
        }

        return text.Append('\n').ToString();
    }

}
