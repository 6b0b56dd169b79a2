using System.Globalization;

namespace Baton;

/// <summary>Ready codecs for values that cross to another process.</summary>
public static class ContextCodec
{
    /// <summary>Text as it is.</summary>
    public static ContextCodec<string> Text { get; } =
        new FuncCodec<string>(static text => text, static text => text);

    /// <summary>
    /// What can be parsed: numbers, <see cref="Guid"/>, <see cref="DateTimeOffset"/>, enumerations of your
    /// own making. Written and read in the invariant culture.
    /// </summary>
    public static ContextCodec<T> Parsable<T>()
        where T : IParsable<T>, IFormattable => ParsableCodec<T>.Instance;

    /// <summary>A codec of two functions.</summary>
    /// <param name="encode">The text of a value. Null: the value stays here.</param>
    /// <param name="decode">
    /// The value of a text. An exception says that the text is none: the value is then dropped.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ContextCodec<T> From<T>(Func<T, string?> encode, Func<string, T> decode)
    {
        ArgumentNullException.ThrowIfNull(encode);
        ArgumentNullException.ThrowIfNull(decode);
        return new FuncCodec<T>(encode, decode);
    }

    private sealed class FuncCodec<T>(Func<T, string?> encode, Func<string, T> decode) : ContextCodec<T>
    {
        public override string? Encode(T value) => encode(value);

        public override bool TryDecode(string text, out T value)
        {
            try
            {
                value = decode(text);
                return true;
            }
            catch (Exception)
            {
                value = default!;
                return false;
            }
        }
    }

    private sealed class ParsableCodec<T> : ContextCodec<T>
        where T : IParsable<T>, IFormattable
    {
        internal static readonly ParsableCodec<T> Instance = new();

        // "o" is what a date needs to come back the same; a number has no such format.
        public override string? Encode(T value) => value switch
        {
            DateTime or DateTimeOffset or DateOnly or TimeOnly =>
                value.ToString("o", CultureInfo.InvariantCulture),
            _ => value.ToString(null, CultureInfo.InvariantCulture),
        };

        public override bool TryDecode(string text, out T value) =>
            T.TryParse(text, CultureInfo.InvariantCulture, out value!);
    }
}
