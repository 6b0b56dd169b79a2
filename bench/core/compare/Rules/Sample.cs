using System.Globalization;

namespace Baton.Compare;

/// <summary>
/// One slice of one act, which a worker writes as a line of four figures. All but the last are per act.
/// </summary>
/// <param name="Nanoseconds">The time of the act.</param>
/// <param name="Bytes">How much it allocated, or held.</param>
/// <param name="Reference">
/// The time that it is compared with, in nanoseconds; zero if it is compared with another flavour.
/// </param>
/// <param name="Wall">
/// How long the whole slice took, in nanoseconds, including the building that is not timed.
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
