using System.Globalization;

namespace Baton;

/// <summary>Ready codecs for values that cross to another process.</summary>
public static class ContextCodec
{
    /// <summary>Text, unchanged.</summary>
    public static ContextCodec<string> Text { get; } =
        new FuncCodec<string>(static text => text, static text => text);

    /// <summary>
    /// A type that can be parsed: numbers, <see cref="Guid"/>, <see cref="DateTimeOffset"/>, types of your
    /// own. The invariant culture writes and reads the text.
    /// </summary>
    public static ContextCodec<T> Parsable<T>()
        where T : IParsable<T>, IFormattable => ParsableCodec<T>.Instance;

    /// <summary>A codec made of two functions.</summary>
    /// <param name="encode">Gives the text of a value. Null leaves the value out.</param>
    /// <param name="decode">
    /// Gives the value of a text. If it throws, the text holds no value, and nothing is added to the context.
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

        // A date comes back the same only from the format "o", and a number has no such format.
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
