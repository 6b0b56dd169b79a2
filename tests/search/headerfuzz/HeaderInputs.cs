using Microsoft.Extensions.Primitives;

namespace Baton.HeaderFuzz;

/// <summary>Header values as clients may send them: kept seeds, and what becomes of them.</summary>
internal sealed class HeaderInputs(int seed)
{
    private const string Alphabet = "0123456789HMSmunhs+-.,;:eExX \t\"'%_\0\r\n\u00e4\u0661\uff11\ud800";

    private static readonly string[] s_corpus = ReadCorpus();

    private readonly Random _random = new(seed);

    /// <summary>One value, seldom none or several.</summary>
    internal StringValues Next() => _random.Next(16) switch
    {
        0 => new StringValues([NextValue(), NextValue()]),
        1 => new StringValues((string?)null),
        2 => StringValues.Empty,
        _ => NextValue(),
    };

    private string NextValue()
    {
        var text = s_corpus[_random.Next(s_corpus.Length)].ToList();
        for (var changes = _random.Next(4); changes > 0; changes--)
        {
            Change(text);
        }

        return string.Concat(text);
    }

    private void Change(List<char> text)
    {
        var at = _random.Next(text.Count + 1);
        switch (_random.Next(5))
        {
            case 0:
                text.Insert(at, Alphabet[_random.Next(Alphabet.Length)]);
                break;
            case 1 when at < text.Count:
                text.RemoveAt(at);
                break;
            case 2 when at < text.Count:
                text[at] = Alphabet[_random.Next(Alphabet.Length)];
                break;
            case 3 when text.Count < 1000:
                text.AddRange(text.ToArray());
                break;
            default:
                text.Insert(at, (char)_random.Next(char.MaxValue + 1));
                break;
        }
    }

    private static string[] ReadCorpus()
    {
        using var reader = new StreamReader(
            typeof(HeaderInputs).Assembly.GetManifestResourceStream("corpus.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
