namespace Baton.Measuring;

/// <summary>A command line of flags, and of options that have a value.</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, string> _given = [];

    private Arguments()
    {
    }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    public static Arguments? Parse(
        IReadOnlyList<string> args, IReadOnlyCollection<string> flags, IReadOnlyCollection<string> options,
        out string error)
    {
        var parsed = new Arguments();
        error = "";
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (flags.Contains(name))
            {
                parsed._given[name] = "";
            }
            else if (!options.Contains(name))
            {
                error = $"{name} is not an option.";
                return null;
            }
            else if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                error = $"{name} needs a value.";
                return null;
            }
            else
            {
                parsed._given[name] = args[++i];
            }
        }

        return parsed;
    }

    public bool Has(string name) => _given.ContainsKey(name);

    public string? Value(string name) => _given.GetValueOrDefault(name);
}
