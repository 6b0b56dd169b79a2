using System.Text;
using Baton.Measuring;

namespace Baton.Overload;

/// <summary>Draws goodput and waste over the load, as an SVG that needs nothing else.</summary>
internal static class Chart
{
    private const int Width = 340;
    private const int Height = 200;
    private const int Left = 50;
    private const int Top = 40;
    private const int Gap = 90;

    private static readonly string[] s_colours = ["#c0392b", "#d68910", "#7f8c8d", "#1f77b4"];

    internal static string Draw(
        IReadOnlyDictionary<(Manner Manner, double Load), Outcome> outcomes, double capacity)
    {
        var manners = outcomes.Keys.Select(static key => key.Manner).Distinct().ToArray();
        var whole = (Width: Left + (2 * Width) + Gap + 20, Height: Top + Height + 50 + (18 * manners.Length));
        var svg = new StringBuilder();
        svg.Append(Bench.Text($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole.Width} {whole.Height}" font-family="sans-serif" font-size="12">
            <title>Goodput and wasted work of a chain of three services, over the load</title>
            <rect width="100%" height="100%" fill="#ffffff"/>

            """));
        Panel(svg, 0, "goodput, answers in time a second", capacity * 1.1, static value =>
            Bench.Text($"{value:0}"));
        Panel(svg, 1, "wasted work", 1, static value => Bench.Text($"{value * 100:0} %"));
        foreach (var manner in manners)
        {
            Line(svg, 0, manner, Effort.Loads.Select(load =>
                outcomes[(manner, load)].Goodput / (capacity * 1.1)));
            Line(svg, 1, manner, Effort.Loads.Select(load => outcomes[(manner, load)].Wasted));
            var y = Top + Height + 50 + (18 * Array.IndexOf(manners, manner));
            svg.Append(Bench.Text(
                $"<rect x=\"{Left}\" y=\"{y - 9}\" width=\"18\" height=\"4\" fill=\"{s_colours[(int)manner]}\"/>\n"));
            svg.Append(Bench.Text(
                $"<text x=\"{Left + 26}\" y=\"{y - 3}\">{manner.Title().Replace("`", "", StringComparison.Ordinal)}</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static int Start(int panel) => Left + (panel * (Width + Gap));

    // The loads double, and stand at equal distances.
    private static double X(int panel, int load) =>
        Start(panel) + (Width * load / (Effort.Loads.Count - 1.0));

    private static double Y(double part) => Top + (Height * (1 - Math.Clamp(part, 0, 1)));

    private static void Panel(
        StringBuilder svg, int panel, string title, double most, Func<double, string> label)
    {
        svg.Append(
            Bench.Text($"<text x=\"{Start(panel)}\" y=\"{Top - 16}\" font-weight=\"bold\">{title}</text>\n"));
        for (var i = 0; i <= 4; i++)
        {
            var y = Y(i / 4.0);
            svg.Append(Bench.Text(
                $"<line x1=\"{Start(panel)}\" x2=\"{Start(panel) + Width}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#dddddd\"/>\n"));
            svg.Append(Bench.Text(
                $"<text x=\"{Start(panel) - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{label(most * i / 4)}</text>\n"));
        }

        for (var i = 0; i < Effort.Loads.Count; i++)
        {
            svg.Append(Bench.Text(
                $"<text x=\"{X(panel, i):0.#}\" y=\"{Top + Height + 18}\" text-anchor=\"middle\">{Effort.Loads[i]} ×</text>\n"));
        }
    }

    private static void Line(StringBuilder svg, int panel, Manner manner, IEnumerable<double> parts)
    {
        var points = parts.Select((part, i) => Bench.Text($"{X(panel, i):0.#},{Y(part):0.#}"));
        svg.Append(Bench.Text(
            $"<polyline fill=\"none\" stroke=\"{s_colours[(int)manner]}\" stroke-width=\"2.5\" points=\"{string.Join(' ', points)}\"/>\n"));
    }
}
