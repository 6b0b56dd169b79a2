namespace Baton.Testing;

/// <summary>What a test requires of a context is not so.</summary>
public sealed class ContextAssertionException : Exception
{
    /// <summary>A failure with the standard message.</summary>
    public ContextAssertionException()
        : base("What the test requires of a context is not so.")
    {
    }

    /// <summary>A failure.</summary>
    /// <param name="message">What was expected, and what is.</param>
    public ContextAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with an exception that explains it.</summary>
    /// <param name="message">What was expected, and what is.</param>
    /// <param name="innerException">For example the cause that the context really has.</param>
    public ContextAssertionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
