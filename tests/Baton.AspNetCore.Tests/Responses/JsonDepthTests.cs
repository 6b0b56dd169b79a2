using System.Text;
using System.Text.Json;

namespace Baton.AspNetCore.Tests;

/// <summary>Brackets that are closed, and no others, make JSON whole.</summary>
public sealed class JsonDepthTests
{
    private static readonly string[] s_texts =
    [
        "", "\"", "\\", "[", "]}", "\\\"[", "x\"", "{\"a\":1}", "\u00e9\u6c49",
        "a long text, longer than any block of it is wide",
        "ends in a backslash \\", "\\\\\"\\", "[{\"", "/", "\t\n",
    ];

    [Fact]
    public void What_a_writer_of_JSON_has_finished_is_closed_and_nothing_shorter_is()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var json = Encoding.UTF8.GetBytes(Container(random, depth: 0));

            for (var length = 0; length < json.Length; length++)
            {
                Assert.False(IsClosed(json.AsSpan(0, length), random), Encoding.UTF8.GetString(json, 0, length));
            }

            Assert.True(IsClosed(json, random), Encoding.UTF8.GetString(json));
        }
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("\"text\"", true)]
    [InlineData("\"te", false)]
    [InlineData("\"te\\\"", false)]
    [InlineData("{}\n{}\n", true)]
    [InlineData("", false)]
    public void Values_without_brackets_are_closed_when_their_quotes_are(string json, bool isClosed) =>
        Assert.Equal(isClosed, IsClosed(Encoding.UTF8.GetBytes(json), new Random(1)));

    /// <summary>In pieces of any size.</summary>
    private static bool IsClosed(ReadOnlySpan<byte> json, Random random)
    {
        var depth = default(JsonDepth);
        while (!json.IsEmpty)
        {
            var length = random.Next(1, 100) is var any && any > json.Length ? json.Length : any;
            depth.Add(json[..length]);
            json = json[length..];
        }

        return depth.IsClosed;
    }

    private static string Container(Random random, int depth)
    {
        var items = Enumerable.Range(0, random.Next(0, 5)).Select(_ => Value(random, depth + 1)).ToArray();
        return random.Next(2) == 0
            ? $"[{string.Join(',', items)}]"
            : $"{{{string.Join(", ", items.Select(item => $"{Text(random)}:{item}"))}}}";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 4 ? 2 : 4) switch
    {
        0 => "12.5e3",
        1 => Text(random),
        _ => Container(random, depth),
    };

    private static string Text(Random random) =>
        JsonSerializer.Serialize(s_texts[random.Next(s_texts.Length)], JsonSerializerOptions.Web);
}
