namespace Baton.Tests.Go;

/// <summary>
/// A chain of thirty or more contexts: values, cancels and timeouts, in random order.
/// </summary>
internal sealed class Layers
{
    private readonly List<(ContextKey<int> Key, int Value)> _values = [];

    internal Layers(Random random, TimeProvider clock, TimeSpan timeout)
    {
        Innermost = Context.Root(clock);
        for (var i = 0; i < 30 || Cancelable.Count == 0 || _values.Count == 0
            || Innermost.Deadline is null; i++)
        {
            switch (random.Next(3))
            {
                case 0:
                    _values.Add((new ContextKey<int>($"layer{i}"), i));
                    Innermost = Innermost.WithValue(_values[^1].Key, i);
                    break;
                case 1:
                    Cancelable.Add(Innermost.WithCancel());
                    Innermost = Cancelable[^1];
                    break;
                default:
                    // Later layers may have more time than earlier ones, or less.
                    Cancelable.Add(
                        Innermost.WithTimeout(timeout * (1 - (random.Next(2) * random.NextDouble() / 2))));
                    Innermost = Cancelable[^1];
                    break;
            }
        }
    }

    internal Context Innermost { get; }

    internal List<CancelableContext> Cancelable { get; } = [];

    internal void AssertLive()
    {
        ContextAssert.Live(Innermost);
        Assert.StartsWith(
            "Root(FakeTimeProvider).", Innermost.ToString(), StringComparison.Ordinal);
        AssertValues();
    }

    internal void AssertValues() =>
        Assert.All(_values, pair => Assert.Equal(pair.Value, Innermost.Value(pair.Key)));
}
