using System.Diagnostics;
using System.Text;

namespace Baton;

public sealed partial class ContextPropagation
{
    private const string Out = "out";
    private const string In = "in";
    private const string TooLong = "too_long";
    private const string TooManyBytes = "too_many_bytes";
    private const string Malformed = "malformed";

    /// <summary>
    /// Writes the registered values of a context into a carrier, such as the headers of a message.
    /// </summary>
    /// <remarks>
    /// The values are written in the order of registration, as visible ASCII. One that no longer fits is left
    /// out, and later ones that fit are not. The members of <c>baggage</c> are written last, as one value
    /// under that name: <see cref="JoinBaggage"/>. Call <see cref="SendsTo"/> before: this method does not
    /// look at the receiver.
    /// </remarks>
    /// <param name="ctx">The context.</param>
    /// <param name="carrier">The object that <paramref name="set"/> writes to.</param>
    /// <param name="set">Writes one name and its value.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="ctx"/> or <paramref name="set"/> is null.
    /// </exception>
    public void Inject<TCarrier>(Context ctx, TCarrier carrier, Action<TCarrier, string, string> set)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(set);
        Freeze();
        StringBuilder? baggage = null;
        var left = MaxBytes;
        foreach (var value in _values)
        {
            if (Fit(ctx, value, ref left) is not { } text)
            {
                continue;
            }

            if (value.IsBaggage)
            {
                baggage = baggage is null ? new StringBuilder() : baggage.Append(',');
                baggage.Append(value.Name).Append('=').Append(text);
            }
            else
            {
                set(carrier, value.Name, text);
            }
        }

        if (baggage is not null)
        {
            set(carrier, PropagationNames.Baggage, baggage.ToString());
        }
    }

    /// <summary>
    /// Joins what <c>Inject</c> writes under the name <c>baggage</c> with the members that are there already.
    /// </summary>
    /// <remarks>
    /// Tracing writes to the same header. .NET leaves its own members out where the header is set, so a
    /// carrier that sets it without this loses them. A name that both have crosses once, with the value in
    /// <paramref name="members"/>.
    /// </remarks>
    /// <param name="members">What <c>Inject</c> has written.</param>
    /// <param name="others">
    /// The value that the carrier has under that name. Null: what .NET would write for the current
    /// <see cref="Activity"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> is null.</exception>
    public static string JoinBaggage(string members, string? others)
    {
        ArgumentNullException.ThrowIfNull(members);
        return BaggageText.Join(members, others ?? BaggageText.OfActivity());
    }

    /// <summary>Reads the registered values from a carrier.</summary>
    /// <remarks>
    /// A text that is malformed or over the limits is dropped and counted: it changes nothing and throws
    /// nothing. Call <see cref="AcceptsFrom"/> before: this method does not look at the sender.
    /// </remarks>
    /// <param name="ctx">The context that the values are added to.</param>
    /// <param name="carrier">The object that <paramref name="get"/> reads from.</param>
    /// <param name="get">Gives the value under a name; null if there is none.</param>
    /// <returns>
    /// A context with the values; <paramref name="ctx"/> itself if there are none. Nothing to dispose.
    /// </returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="ctx"/> or <paramref name="get"/> is null.
    /// </exception>
    public Context Extract<TCarrier>(Context ctx, TCarrier carrier, Func<TCarrier, string, string?> get)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(get);
        Freeze();
        string? baggage = null;
        var left = MaxBytes;
        foreach (var value in _values)
        {
            var text = value.IsBaggage
                ? BaggageText.Find(baggage ??= get(carrier, PropagationNames.Baggage) ?? "", value.Name)
                : get(carrier, value.Name);
            if (text is not null)
            {
                ctx = Take(ctx, value, text, ref left);
            }
        }

        return ctx;
    }

    /// <summary>The value's encoded text, if it has one that fits. Counts a text that does not fit.</summary>
    private string? Fit(Context ctx, PropagatedValue value, ref int left)
    {
        string? text;
        try
        {
            text = value.Encode(ctx);
        }
        catch (Exception)
        {
            // A call must not fail because a codec of one of its values does.
            PropagationMeter.Dropped(value, Out, Malformed);
            return null;
        }

        if (text is null)
        {
            return null;
        }

        // Encoding never shortens a text, so one that is too long already is not encoded.
        var encoded = text.Length > _maxValueBytes ? text : PercentText.Encode(text, value.IsBaggage);
        var wrong = encoded is null ? Malformed : Excess(value, encoded, left);
        if (wrong is not null)
        {
            PropagationMeter.Dropped(value, Out, wrong);
            return null;
        }

        left -= Size(value, encoded!);
        return encoded;
    }

    private Context Take(Context ctx, PropagatedValue value, string text, ref int left)
    {
        var wrong = Excess(value, text, left);
        if (wrong is null)
        {
            left -= Size(value, text);
            if (PercentText.Decode(text) is { } decoded && value.Decode(ctx, decoded) is { } child)
            {
                return child;
            }
        }

        PropagationMeter.Dropped(value, In, wrong ?? Malformed);
        return ctx;
    }

    private string? Excess(PropagatedValue value, string text, int left) =>
        text.Length > _maxValueBytes ? TooLong : Size(value, text) > left ? TooManyBytes : null;

    /// <summary>
    /// The bytes of a name and its text, and for a member the two separators that stand around it.
    /// </summary>
    private static int Size(PropagatedValue value, string text) =>
        value.Name.Length + text.Length + (value.IsBaggage ? 2 : 0);
}
