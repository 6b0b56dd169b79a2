using System.Globalization;

namespace Baton.Compare;

/// <summary>
/// One slice of one act, as a worker tells it on a line: four figures per act, but the last.
/// </summary>
/// <param name="Nanoseconds">What the act took.</param>
/// <param name="Bytes">What it allocated, or what it held.</param>
/// <param name="Reference">
/// What it is to be held against, in nanoseconds; zero if that is another flavour.
/// </param>
/// <param name="Wall">
/// How long the whole slice took, in nanoseconds, with what was built off the clock.
/// </param>
internal readonly record struct Sample(double Nanoseconds, double Bytes, double Reference, double Wall)
{
    internal static Sample Parse(string line)
    {
        var words = line.Split(' ');
        return new Sample(Number(words[0]), Number(words[1]), Number(words[2]), Number(words[3]));

        static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
    }

    internal string ToLine() => string.Create(
        CultureInfo.InvariantCulture, $"{Nanoseconds:R} {Bytes:R} {Reference:R} {Wall:R}");
}
