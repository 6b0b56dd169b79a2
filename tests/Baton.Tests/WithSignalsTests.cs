using System.Runtime.InteropServices;

namespace Baton.Tests;

/// <summary>
/// Contexts that end by a signal. The signals are real, and are sent to a separate program:
/// tests/programs/signals.
/// </summary>
public sealed class WithSignalsTests
{
    /// <summary>What the runtime adds to the number of the signal that ended a process.</summary>
    private const int EndedBySignal = 128;

    public static bool IsElsewhere => !OperatingSystem.IsLinux();

    [Theory(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    [InlineData(PosixSignal.SIGINT, 2)]
    [InlineData(PosixSignal.SIGTERM, 15)]
    [InlineData(PosixSignal.SIGQUIT, 3)]
    [InlineData(PosixSignal.SIGHUP, 1)]
    public async Task The_first_signal_ends_the_context_and_the_second_the_process(
        PosixSignal signal, int number)
    {
        using var program = await SignalProgram.StartAsync($"{signal}");

        program.Send(signal);
        await program.PrintedAsync($"context canceled: {signal} signal received");
        program.Send(signal);

        Assert.Equal(EndedBySignal + number, await program.ExitAsync());
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task After_the_first_signal_the_process_goes_on_and_ends_as_it_would()
    {
        using var program = await SignalProgram.StartAsync("SIGINT", "SIGTERM");

        program.Send(PosixSignal.SIGINT);
        await program.PrintedAsync("context canceled: SIGINT signal received");

        Assert.Equal(0, await program.EndAsync());
        Assert.Equal(["ready", "context canceled: SIGINT signal received"], program.Output);
    }

    [Theory(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Asked_for_none_it_ends_by_CtrlC_and_by_SIGTERM(PosixSignal signal)
    {
        using var program = await SignalProgram.StartAsync();

        program.Send(signal);

        await program.PrintedAsync($"context canceled: {signal} signal received");
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task A_signal_that_was_not_asked_for_does_what_it_does_by_default()
    {
        using var program = await SignalProgram.StartAsync("SIGINT");

        program.Send(PosixSignal.SIGTERM);

        Assert.Equal(EndedBySignal + 15, await program.ExitAsync());
        Assert.Equal(["ready"], program.Output);
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task The_first_of_two_signals_gives_back_the_other_one_too()
    {
        using var program = await SignalProgram.StartAsync("SIGINT", "SIGTERM");

        program.Send(PosixSignal.SIGINT);
        await program.PrintedAsync("context canceled: SIGINT signal received");
        program.Send(PosixSignal.SIGTERM);

        Assert.Equal(EndedBySignal + 15, await program.ExitAsync());
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task Disposal_gives_the_signals_back()
    {
        using var program = await SignalProgram.StartAsync("SIGTERM");

        await program.SayAsync("dispose");
        await program.PrintedAsync("disposed");
        program.Send(PosixSignal.SIGTERM);

        Assert.Equal(EndedBySignal + 15, await program.ExitAsync());
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task A_signal_ends_every_context_that_asked_for_it()
    {
        using var program = await SignalProgram.StartAsync("SIGTERM", "SIGTERM", "other");

        program.Send(PosixSignal.SIGTERM);

        await program.PrintedAsync("context canceled: SIGTERM signal received");
        await program.PrintedAsync("other: SIGTERM");
        program.Send(PosixSignal.SIGTERM);
        Assert.Equal(EndedBySignal + 15, await program.ExitAsync());
    }

    [Fact(Skip = "Sends signals as Linux does.", SkipWhen = nameof(IsElsewhere))]
    public async Task Of_two_signals_at_once_one_ends_the_context_and_the_other_the_process()
    {
        using var program = await SignalProgram.StartAsync("SIGINT", "SIGTERM");

        program.Send(PosixSignal.SIGINT, PosixSignal.SIGTERM);

        Assert.True(await program.ExitAsync() is EndedBySignal + 2 or EndedBySignal + 15);
    }

    [Fact]
    public void A_signal_that_cannot_be_caught_is_refused_and_nothing_is_left()
    {
        using var parent = Context.Background.WithCancel();
        var kill = (PosixSignal)9;
        var unknown = (PosixSignal)(-1000);

        foreach (var signal in new[] { kill, unknown })
        {
            var e = Assert.Throws<ArgumentException>(
                "signals", () => parent.WithSignals(PosixSignal.SIGHUP, signal));
            Assert.Contains($"process catch {signal}. Leave it out", e.Message, StringComparison.Ordinal);
            Assert.NotNull(e.InnerException);
        }

        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public void Under_a_parent_that_is_done_it_is_done_and_has_the_parents_cause()
    {
        var why = new TimeoutException("why");
        using var parent = Context.Background.WithCancel();
        parent.Cancel(why);

        using var ctx = parent.WithSignals(PosixSignal.SIGHUP);

        Assert.Same(why, ctx.Cause);
    }

    [Fact]
    public async Task Nothing_holds_it_once_it_has_ended_whichever_way()
    {
        using var parent = Context.Background.WithCancel();

        foreach (var weak in Use(parent))
        {
            await WaitFor.True(() => Memory.IsFree(weak));
        }

        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public void The_text_names_the_signals()
    {
        using var given = Context.Background.WithSignals(PosixSignal.SIGHUP, PosixSignal.SIGQUIT);

        Assert.Equal("Background.WithSignals(SIGHUP, SIGQUIT)", given.ToString());
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference[] Use(Context parent)
    {
        var disposed = parent.WithSignals(PosixSignal.SIGHUP);
        disposed.Dispose();
        var above = parent.WithCancel();
        var canceled = above.WithSignals(PosixSignal.SIGHUP);
        above.Cancel();
        var late = above.WithSignals(PosixSignal.SIGHUP);
        return [new(disposed), new(canceled), new(late)];
    }
}
