namespace Baton.AspNetCore.Tests.Stopping;

/// <summary>A running tests/programs/stopping.</summary>
internal sealed class StoppingProgram : DotnetProgram
{
    private StoppingProgram(string[] arguments)
        : base("stopping", arguments)
    {
    }

    /// <summary>Where it speaks HTTP/1.1, and where HTTP/2.</summary>
    internal (Uri Http1, Uri Http2) Addresses { get; private set; }

    internal static async Task<StoppingProgram> StartAsync(params string[] arguments)
    {
        var program = new StoppingProgram(arguments);
        await program.Until(() => program.Output.Length == 1);
        var urls = program.Output[0].Split(' ');
        program.Addresses = (new Uri(urls[1]), new Uri(urls[2]));
        return program;
    }

    /// <summary>How many lines of its output are this one.</summary>
    internal int Count(string line) => Output.Count(said => said == line);
}
