using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>What all requests of an application share. One for each application.</summary>
internal sealed class BatonServer : IDisposable
{
    private readonly CancelableContext _context;

    public BatonServer(IOptions<BatonOptions> options)
    {
        Options = options.Value;
        Options.Validate();
        _context = Options.BaseContext.WithCancel();
    }

    internal BatonOptions Options { get; }

    /// <summary>
    /// Parent of all requests' contexts, and derived from <see cref="BatonOptions.BaseContext"/>.
    /// </summary>
    internal Context Context => _context;

    /// <summary>Ends every request, running and still to come, with <paramref name="cause"/>.</summary>
    internal void End(Exception cause) => _context.Cancel(cause);

    /// <summary>Lets go of the base context, which may outlive the application.</summary>
    public void Dispose() => _context.Dispose();
}
