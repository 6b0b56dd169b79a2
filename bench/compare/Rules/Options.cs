namespace Baton.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    internal const string Usage = """
        dotnet run -c Release --project bench/compare -- [options]

          --quick           less than a minute: for a look, not for a verdict
          --server-gc       the same once more with DOTNET_gcServer=1
          --only TEXT       only acts whose name contains TEXT
          --markdown FILE   writes the tables there too
          --json FILE       writes the figures there
          --go DIR          the folder of a Go toolchain, which holds bin/go

        Exit code: 0 if every bar that was measured is met, 1 if one is missed, 2 for bad arguments,
        3 if it could not be measured.
        """;

    internal bool Quick { get; private init; }

    internal bool ServerGC { get; private init; }

    internal string Only { get; private init; } = "";

    internal string? Markdown { get; private init; }

    internal string? Json { get; private init; }

    internal string? Go { get; private init; }

    /// <summary>Null, and what is wrong, for arguments that make no sense.</summary>
    internal static Options? Parse(IReadOnlyList<string> args, out string error)
    {
        var options = new Options();
        error = "";
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (name is "--quick" or "--server-gc")
            {
                options = name == "--quick" ? options with { Quick = true } : options with { ServerGC = true };
                continue;
            }

            if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                error = name is "--only" or "--markdown" or "--json" or "--go"
                    ? $"{name} needs a value."
                    : $"{name} is not an option.";
                return null;
            }

            var value = args[++i];
            switch (name)
            {
                case "--only":
                    options = options with { Only = value };
                    break;
                case "--markdown":
                    options = options with { Markdown = value };
                    break;
                case "--json":
                    options = options with { Json = value };
                    break;
                case "--go":
                    options = options with { Go = value };
                    break;
                default:
                    error = $"{name} is not an option.";
                    return null;
            }
        }

        return options;
    }
}
