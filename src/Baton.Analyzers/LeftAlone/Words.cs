namespace Baton.Analyzers.LeftAlone;

/// <summary>What the name of a method says, word by word: <c>GetOrAddAsync</c> begins with "Get".</summary>
internal static class Words
{
    // What only reads can be canceled at any time: nothing is half done then.
    private static readonly string[] s_reads =
    [
        "Get", "TryGet", "Read", "TryRead", "Find", "TryFind", "List", "Load", "Query", "Count", "LongCount", "Any",
        "All", "First", "Single", "Last", "To", "Select", "Fetch", "Search", "Exists", "Exist", "Contains", "Lookup",
        "Download", "Max", "Min", "Sum", "Average", "Is", "Has", "Can", "Check", "Authenticate", "Authorize", "Validate",
        "ExecuteReader", "ExecuteScalar", "Open", "Wait", "Delay",
    ];

    // What gives back, or takes away again, where something failed before.
    private static readonly string[] s_undoing =
    [
        "Delete", "Remove", "Cancel", "Restore", "Return", "Reset", "Reverse", "Void", "Drop", "Deactivate", "Clear",
    ];

    internal static bool IsRead(string name) => BeginsWithOne(name, s_reads);

    internal static bool IsUndoing(string name) => BeginsWithOne(name, s_undoing);

    internal static bool BeginsWithOne(string name, string[] words)
    {
        foreach (var word in words)
        {
            if (BeginsWith(name, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"Pay" begins "Pay" and "PayAsync", but not "Payload".</summary>
    internal static bool BeginsWith(string name, string word) =>
        name.StartsWith(word, StringComparison.Ordinal)
        && (name.Length == word.Length || !char.IsLower(name[word.Length]));

    internal static bool Holds(string name, string part) =>
        name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
}
