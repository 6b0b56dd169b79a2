using System.Runtime.InteropServices;

namespace Baton.Tests;

/// <summary>
/// The core, used from F# and Visual Basic: tests/programs/fsharp and tests/programs/vb, which are
/// equivalent.
/// </summary>
public sealed class OtherLanguagesTests
{
    public static bool IsElsewhere => !OperatingSystem.IsLinux();

    [Theory(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    [InlineData("fsharp")]
    [InlineData("vb")]
    public async Task A_program_ends_by_a_signal_and_by_a_timeout(string language)
    {
        using var program = await SignalProgram.StartProgramAsync(language);

        Assert.Equal(0, await program.StopAsync(PosixSignal.SIGTERM));

        Assert.Empty(program.Errors);
        Assert.Equal(
            [
                "ready",
                "called back for ada",
                "context canceled: SIGTERM signal received",
                "case 1: context deadline exceeded",
                "timeout: 1 ms",
            ],
            program.Output);
    }
}
