namespace Baton.Grpc;

/// <summary>What a client's calls take from their context.</summary>
/// <remarks>
/// Read when a <see cref="BatonClientInterceptor"/> is made; later changes do not reach that interceptor.
/// </remarks>
public sealed class BatonGrpcOptions
{
    /// <summary>
    /// The values that go along. Null: those that the application has registered as a singleton, if any;
    /// without an application, none.
    /// </summary>
    public ContextPropagation? Propagation { get; set; }

    /// <summary>
    /// Where the channel leads: values go along only if <see cref="ContextPropagation.SendTo"/> has that
    /// host. Null: the client's own address, as <c>AddGrpcClient</c> was given it; without a factory, no
    /// values go along.
    /// </summary>
    /// <remarks>
    /// For a channel whose resolver finds the addresses, as <c>dns:///stock:5000</c>, the host is that name.
    /// </remarks>
    /// <exception cref="ArgumentException">The address is relative: it names no host.</exception>
    public Uri? Address
    {
        get;
        set => field = value is null or { IsAbsoluteUri: true }
            ? value
            : throw new ArgumentException(
                $"The address '{value}' is relative and names no host. Give the channel's whole one, as http://stock:5000.",
                nameof(value));
    }

    /// <summary>
    /// Gives the context of a call that was given none. Null: what the application has registered, which is
    /// the current request's context if it has called <c>AddBaton()</c> and <c>AddHttpContextAccessor()</c>
    /// on its services.
    /// </summary>
    public IContextAccessor? ContextAccessor { get; set; }
}
