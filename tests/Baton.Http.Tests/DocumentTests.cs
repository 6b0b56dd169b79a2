using System.Net;
using System.Text.RegularExpressions;

namespace Baton.Http.Tests;

/// <summary>What docs/http.md and docs/propagation.md say is held by the tests that they name.</summary>
public sealed partial class DocumentTests
{
    internal static readonly ContextKey<string> Tenant = new("tenant");
    internal static readonly ContextKey<int> Priority = new("priority");

    [Theory]
    [InlineData("docs/http.md")]
    [InlineData("docs/propagation.md")]
    public void Every_test_that_is_named_exists(string path)
    {
        var document = string.Join('\n', Repository.Lines(path));
        var tests = typeof(DocumentTests).Assembly.GetTypes().Select(static type => type.Name)
            .Concat(typeof(DocumentTests).Assembly.GetTypes().SelectMany(static type =>
                type.GetMethods().Select(method => $"{type.Name}.{method.Name}")));

        var named = Name().Matches(document).Select(static match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void The_registration_of_values_is_the_one_that_runs_here()
    {
        var document = Block(Repository.Lines("docs/propagation.md"), "builder.Services.AddSingleton(", "```");
        var here = Block(
            Repository.Lines("tests/Baton.Http.Tests/DocumentTests.cs"),
            "builder.Services.AddSingleton(", "// end");
        var builder = Server.Builder();
        builder.Services.AddSingleton(new ContextPropagation
        {
            SendTo = ["*.internal"],                           // hosts that are sent values
            AcceptFrom = [IPNetwork.Parse("10.0.0.0/8")],      // networks whose callers are believed
        }
            .Register(Tenant, "x-tenant", ContextCodec.Text)                       // a header of its own
            .RegisterBaggage(Priority, "priority", ContextCodec.Parsable<int>())); // a member of W3C baggage
        // end

        using var services = builder.Services.BuildServiceProvider();
        var registered = services.GetRequiredService<ContextPropagation>();
        var carrier = new Dictionary<string, string>();
        registered.Inject(
            Context.Background.WithValue(Tenant, "acme").WithValue(Priority, 7), carrier,
            static (carrier, name, value) => carrier[name] = value);

        Assert.Equal(here, document);
        Assert.True(registered.SendsTo(new Uri("http://orders.internal/")));
        Assert.True(registered.AcceptsFrom(IPAddress.Parse("10.1.2.3")));
        Assert.Equal(
            new Dictionary<string, string> { ["x-tenant"] = "acme", ["baggage"] = "priority=7" }, carrier);
    }

    private static string Block(string[] lines, string first, string last) => string.Join(
        '\n', lines.Select(static line => line.Trim())
            .SkipWhile(line => !line.StartsWith(first, StringComparison.Ordinal))
            .TakeWhile(line => line != last));

    [GeneratedRegex(@"`(\w+Tests(\.\w+)?)`")]
    private static partial Regex Name();
}
