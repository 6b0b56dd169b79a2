using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Tests;

/// <summary>
/// A context inside an object that is serialized, as audit filters do with the arguments of an action.
/// </summary>
public sealed class JsonTests
{
    private static readonly ContextKey<string> s_key = new("tenant");

    [Fact]
    public void A_context_of_every_kind_is_written_as_its_chain()
    {
        using var source = new CancellationTokenSource();
        using var canceled = Context.Background.WithCancel();
        using var timed = Context.Root(new FakeTimeProvider()).WithTimeout(TimeSpan.FromHours(1));
        using var instant = timed.WithDeadline(timed.Deadline!.Value - TimeSpan.FromMinutes(1));
        using var merged = timed.WithCancel(canceled);
        using var signals = Context.Background.WithSignals(PosixSignal.SIGHUP);
        Context[] all =
        [
            Context.Background, canceled, timed, instant, merged, signals, Context.FromToken(source.Token),
            canceled.WithValue(s_key, "secret"), canceled.WithoutCancel(),
        ];

        foreach (var ctx in all)
        {
            var arguments = new Dictionary<string, object?> { ["id"] = 7, ["ctx"] = ctx };

            var chain = JsonSerializer.Serialize(ctx.ToString());
            Assert.Equal($"{{\"id\":7,\"ctx\":{chain}}}", JsonSerializer.Serialize(arguments));
            Assert.Equal(chain, JsonSerializer.Serialize(ctx));
        }
    }

    [Fact]
    public void Every_kind_says_how_it_is_written() => Assert.All(
        typeof(Context).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Context))
            && !type.IsAbstract
            && type is not { Name: "DelayContext" or "DelayOrDoneContext" or "AfterWait" }),
        static type => Assert.True(
            type.IsDefined(typeof(JsonConverterAttribute), inherit: false), $"{type} has no converter."));

    [Fact]
    public void None_is_read()
    {
        var refusal = Assert.Throws<NotSupportedException>(
            static () => JsonSerializer.Deserialize<Context>("\"Background\""));

        Assert.Contains("Take it as a parameter", refusal.Message, StringComparison.Ordinal);
    }
}
