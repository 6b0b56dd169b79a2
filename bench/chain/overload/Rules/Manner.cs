namespace Baton.Overload;

/// <summary>How the three services are written.</summary>
internal enum Manner
{
    /// <summary>Each hop sets a timeout of its own for the call it makes, and hands nothing on.</summary>
    Timeouts,

    /// <summary>The same, and each hop hands its request's token on to its call.</summary>
    Tokens,

    /// <summary>With Baton, and the last hop does not look at the time that is left.</summary>
    BatonBlind,

    /// <summary>With Baton; the last hop starts no work for which too little time is left.</summary>
    Baton,
}

internal static class Manners
{
    internal static bool IsBaton(this Manner manner) => manner is Manner.Baton or Manner.BatonBlind;

    internal static string Title(this Manner manner) => manner switch
    {
        Manner.Timeouts => "a timeout per hop",
        Manner.Tokens => "a timeout per hop, tokens handed on",
        Manner.BatonBlind => "Baton, last hop never asks `Remaining`",
        _ => "Baton",
    };
}
