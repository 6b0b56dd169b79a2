using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Exploration;

/// <summary>
/// Prints where each operation was at each step at which it could be switched. Coyote logs such a step on the
/// operation's own thread, so the stack shows the place.
/// </summary>
internal sealed partial class StepPrinter : TextWriter
{
    private string _last = "";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(string? value) => WriteLine(value);

    public override void WriteLine(string? value)
    {
        if (Reached().Match(value ?? "") is { Success: true } step && Place() is { } place)
        {
            var line = $"{step.Groups[1].Value,-6} {place}";
            if (line != _last)
            {
                Console.WriteLine(line);
                _last = line;
            }
        }
    }

    [GeneratedRegex(@"Operation '(Op\(\d+\))' .* reached scheduling point")]
    private static partial Regex Reached();

    /// <summary>The nearest line of the core or of a scenario, and its caller.</summary>
    private static string? Place()
    {
        var frames = new StackTrace(skipFrames: 2, fNeedFileInfo: true).GetFrames()
            .Where(static frame =>
                frame.GetFileName() is not null && frame.GetMethod()?.DeclaringType != typeof(Seam))
            .Take(3)
            .ToArray();
        return frames.Length == 0
            ? null
            : $"{Path.GetFileName(frames[0].GetFileName())}:{frames[0].GetFileLineNumber()} "
                + string.Join(" < ", frames.Select(static frame => frame.GetMethod()?.Name));
    }
}
