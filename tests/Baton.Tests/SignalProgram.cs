namespace Baton.Tests;

/// <summary>A running program of tests/programs, to send real signals to.</summary>
internal sealed class SignalProgram : DotnetProgram
{
    private SignalProgram(string name, string[] arguments)
        : base(name, arguments)
    {
    }

    /// <summary>Starts tests/programs/signals, with a context for the signals that are named here.</summary>
    internal static Task<SignalProgram> StartAsync(params string[] asksFor) =>
        StartProgramAsync("signals", asksFor);

    /// <summary>Starts a program and waits until it is ready for signals.</summary>
    internal static async Task<SignalProgram> StartProgramAsync(string name, params string[] arguments)
    {
        var program = new SignalProgram(name, arguments);
        await program.PrintedAsync("ready");
        return program;
    }
}
