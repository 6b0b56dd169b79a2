namespace Baton.Http;

/// <summary>
/// The headers with values that were written for one attempt, and the one with the time that is left. What
/// the caller has set itself stays.
/// </summary>
internal sealed class WrittenValues
{
    private readonly List<string> _names = [];
    private string? _callersBaggage;
    private bool _hasBaggage;

    internal void Write(ContextPropagation propagation, Context ctx, HttpRequestMessage request) =>
        propagation.Inject(
            ctx, (Values: this, Request: request), static (carrier, name, value) =>
                carrier.Values.Add(carrier.Request, name, value));

    internal void Erase(HttpRequestMessage request)
    {
        foreach (var name in _names)
        {
            request.Headers.Remove(name);
        }

        _names.Clear();
        if (_hasBaggage)
        {
            BaggageHeader.Restore(request, _callersBaggage);
            _hasBaggage = false;
        }
    }

    /// <summary>Notes a header that was written besides.</summary>
    internal void Note(string name) => _names.Add(name);

    private void Add(HttpRequestMessage request, string name, string value)
    {
        if (name == BaggageHeader.Name)
        {
            _callersBaggage = BaggageHeader.Write(request, value);
            _hasBaggage = true;
        }
        else if (!request.Headers.Contains(name) && request.Headers.TryAddWithoutValidation(name, value))
        {
            _names.Add(name);
        }
    }
}
