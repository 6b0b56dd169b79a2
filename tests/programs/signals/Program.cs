// Asks for the signals that its arguments name, says how its context ends, and then goes on: so that
// SignalTests can send it real ones. A line "dispose" disposes the context; the end of standard input ends
// the program.

using System.Runtime.InteropServices;
using Baton;

using var other = args.Contains("other") ? Context.Background.WithSignals(PosixSignal.SIGTERM) : null;
using var ctx = Context.Background.WithSignals(
    [.. args.Where(static arg => arg != "other").Select(Enum.Parse<PosixSignal>)]);
ctx.AfterFunc(() => Console.WriteLine($"{ctx.Err!.Message}: {ctx.Cause!.Message}"));
other?.AfterFunc(() => Console.WriteLine($"other: {((SignalReceivedException)other.Cause!).Signal}"));
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    if (line == "dispose")
    {
        ctx.Dispose();
        Console.WriteLine("disposed");
    }
}
