using System.Xml.Linq;

namespace Baton.Overload.Tests;

public sealed class ChartTests
{
    [Fact]
    public void Each_manner_has_a_line_for_goodput_and_one_for_waste()
    {
        var outcomes = Effort.Quick.Manners
            .SelectMany(static manner => Effort.Loads.Select(load => (manner, load)))
            .ToDictionary(
                static key => key, static key => new Outcome(Goodput: 100, Wasted: 0.5, P50: 1, P99: 2));

        var picture = XDocument.Parse(Chart.Draw(outcomes, capacity: 200));

        var lines = picture.Descendants()
            .Where(static element => element.Name.LocalName == "polyline").ToArray();
        Assert.Equal(2 * Effort.Quick.Manners.Count, lines.Length);
        Assert.All(lines, static line =>
            Assert.Equal(Effort.Loads.Count, line.Attribute("points")!.Value.Split(' ').Length));
    }
}
