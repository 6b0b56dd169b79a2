using System.Text.RegularExpressions;

namespace Baton.Http.Tests.Same;

/// <summary>
/// A client with Baton puts the same requests on the wire as one without, but for Baton's own headers, and its
/// caller gets the same responses and exceptions, for as long as the context is live. Each scenario is run
/// both ways against real servers, and the two recordings are compared.
/// </summary>
[Collection(nameof(Tracing))]
public sealed partial class SameTests(HostsFixture fixture) : IClassFixture<HostsFixture>
{
    public static TheoryData<string, Manner> Cases
    {
        get
        {
            var cases = new TheoryData<string, Manner>();
            foreach (var scenario in Scenarios.All)
            {
                foreach (var manner in Enum.GetValues<Manner>().Where(manner =>
                    manner is not (Manner.PlainByHand or Manner.PlainOfFactory)
                    && (manner >= Manner.OfFactory || scenario.Builder is null)))
                {
                    cases.Add(scenario.ToString(), manner);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_the_same_as_with_a_plain_client(string name, Manner manner)
    {
        var scenario = Scenarios.All.Single(scenario => scenario.ToString() == name);
        var plain = manner >= Manner.OfFactory ? Manner.PlainOfFactory : Manner.PlainByHand;

        var expected = await Recording.OfAsync(scenario, plain, fixture.Hosts);
        var actual = await Recording.OfAsync(scenario, manner, fixture.Hosts);

        Assert.Equal(expected, actual);
        if (manner is Manner.ByHandWithContextForSomeHosts or Manner.OfFactoryWithContextForSomeHosts)
        {
            Assert.All(fixture.Hosts.Arrivals, static arrival =>
                Assert.True(arrival.Host == "127.0.0.1" || !Hosts.Batons.Any(arrival.Headers.ContainsKey)));
        }
    }

    [Fact]
    public void There_are_more_than_sixty_scenarios_of_different_names_and_the_document_lists_them()
    {
        var names = Scenarios.All.Select(static scenario => scenario.ToString()).ToHashSet();
        var document = Spaces().Replace(string.Join(' ', Repository.Lines("docs/http.md")), " ");

        Assert.InRange(names.Count, Math.Max(60, Scenarios.All.Length), int.MaxValue);
        Assert.All(Scenarios.All.GroupBy(static scenario => scenario.Group), group => Assert.Contains(
            $"- **{group.Key}**: {string.Join("; ", group.Select(static scenario => scenario.Name))}.",
            document,
            StringComparison.Ordinal));
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}

/// <summary>The servers of all scenarios.</summary>
public sealed class HostsFixture : IAsyncLifetime
{
    internal Hosts Hosts { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hosts = await Hosts.StartAsync();

    public ValueTask DisposeAsync() => Hosts.DisposeAsync();
}
