using System.Globalization;

namespace Baton.Tests.Model;

/// <summary>
/// How much the model tests do: a small fixed number of programs in <c>dotnet test</c>, and more and
/// different ones if more are asked for.
/// </summary>
internal static class Nightly
{
    private static readonly string? s_asked = Environment.GetEnvironmentVariable("BATON_MODEL_OPERATIONS");

    internal static bool IsOn => s_asked is not null;

    internal static int Operations { get; } =
        s_asked is null ? 20_000 : int.Parse(s_asked, CultureInfo.InvariantCulture);

    internal static int Histories => Operations / 2;

    /// <summary>
    /// On a machine so busy that every meeting of threads takes a time slice, fewer are run.
    /// </summary>
    internal static TimeSpan LongestForHistories => TimeSpan.FromSeconds(IsOn ? 300 : 4);
}
