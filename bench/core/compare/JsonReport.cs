using Baton.Measuring;

namespace Baton.Compare;

/// <summary>Writes the report for programs.</summary>
internal static class JsonReport
{
    internal static string Write(Report report) => Bench.Json(
        new
        {
            report.Machine,
            report.Command,
            Acts = report.Sections.SelectMany(static section =>
                section.Rows.Select(row => Row(section, row))),
        });

    private static object Row(Section section, Row row)
    {
        var figures = row.Figures;
        return new
        {
            row.Act.Name,
            ServerGC = section.Title.Length > 0,
            Rounds = figures.Count,
            DotNet = Flavour(figures.DotNet, figures.DotNetBytes),
            Baton = Flavour(figures.Baton, figures.BatonBytes),
            Go = Flavour(figures.Go, figures.GoBytes),
            BatonToDotNet = Ratio(figures.BatonToDotNet),
            GoToBaton = Ratio(figures.GoToBaton),
            ToOwn = Ratio(figures.ToOwn),
            Bars = row.Judgements.Select(static judgement => judgement.ForJson()),
        };
    }

    private static object? Flavour(Statistics time, double bytes) =>
        time.Count == 0 ? null : new { Nanoseconds = time.Median, time.Lower, time.Upper, Bytes = bytes };

    private static object? Ratio(Statistics ratio) =>
        ratio.Count == 0 ? null : new { ratio.Median, ratio.Lower, ratio.Upper };
}
