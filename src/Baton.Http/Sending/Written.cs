namespace Baton.Http;

/// <summary>
/// The headers that were written to a request for one host. What the caller has set itself stays, and of
/// <c>baggage</c>, which tracing writes too, the members of each side cross.
/// </summary>
internal sealed class Written
{
    private const string Baggage = "baggage";

    private readonly List<string> _names = [];
    private string? _baggage;
    private string? _othersBaggage;

    /// <summary>Notes a header that was written, if any was.</summary>
    internal void Add(string? name)
    {
        if (name is not null)
        {
            _names.Add(name);
        }
    }

    /// <summary>Writes a value.</summary>
    internal void Add(HttpRequestMessage request, string name, string value)
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

    /// <summary>Leaves the request as it was. Called again, it changes nothing.</summary>
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
}
