namespace Baton.Http;

/// <summary>
/// The headers with values that were written for one send. What the caller has set itself stays, and of
/// <c>baggage</c>, which tracing writes too, the members of each side cross.
/// </summary>
internal sealed class WrittenValues
{
    private const string Baggage = "baggage";

    private readonly List<string> _names = [];
    private string? _baggage;
    private string? _othersBaggage;

    private WrittenValues()
    {
    }

    internal static WrittenValues Write(ContextPropagation propagation, Context ctx, HttpRequestMessage request)
    {
        var values = new WrittenValues();
        propagation.Inject(
            ctx, (Values: values, Request: request), static (carrier, name, value) =>
                carrier.Values.Add(carrier.Request, name, value));
        return values;
    }

    internal void Erase(HttpRequestMessage request)
    {
        foreach (var name in _names)
        {
            request.Headers.Remove(name);
        }

        _names.Clear();

        // Tracing may have replaced the header since: its members are then the ones that stay.
        if (_baggage is not null && BaggageOf(request) == _baggage)
        {
            SetBaggage(request, _othersBaggage);
        }

        _baggage = null;
    }

    private static string? BaggageOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues(Baggage, out var values) ? string.Join(',', values) : null;

    private static void SetBaggage(HttpRequestMessage request, string? value)
    {
        request.Headers.Remove(Baggage);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(Baggage, value);
        }
    }

    private void Add(HttpRequestMessage request, string name, string value)
    {
        if (name == Baggage)
        {
            _othersBaggage = BaggageOf(request);
            SetBaggage(request, ContextPropagation.JoinBaggage(value, _othersBaggage));
            _baggage = BaggageOf(request);
        }
        else if (!request.Headers.Contains(name) && request.Headers.TryAddWithoutValidation(name, value))
        {
            _names.Add(name);
        }
    }
}
