using Microsoft.Extensions.Time.Testing;

namespace Baton.Testing;

/// <summary>
/// A context on a fake clock for one test, which knows every context that is derived from it.
/// </summary>
/// <remarks>
/// <para>
/// Give <see cref="Context"/> to the code under test, move the clock with <see cref="Advance"/>, and check at the
/// end with <see cref="AssertNothingLeft"/> that the code has disposed what it derived. While an instance exists,
/// each derivation below its context records the line that made it, which takes some microseconds.
/// </para>
/// <para>
/// Instances do not know of each other, so tests may run side by side. All members may be called from any thread.
/// The test disposes the instance.
/// </para>
/// </remarks>
[ContextCarrier]
public sealed class ContextTest : IDisposable
{
    private readonly Derivations _derivations;

    /// <summary>A test on a clock of its own, which stands at 2000-01-01 00:00 UTC.</summary>
    public ContextTest()
        : this(new FakeTimeProvider())
    {
    }

    /// <summary>A test on a clock that other parts of the test use too.</summary>
    /// <param name="clock">The clock. It stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="clock"/> is null.</exception>
    public ContextTest(FakeTimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Clock = clock;
        Context = Baton.Context.Root(clock).WithCancel();
        _derivations = new Derivations(Context);
    }

    /// <summary>The clock on which deadlines and delays of <see cref="Context"/> run.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>
    /// The context to give to the code under test. It has no deadline; <c>Cancel(cause)</c> ends it, as a client
    /// that leaves or a server that stops would, with that cause.
    /// </summary>
    public CancelableContext Context { get; }

    /// <summary>
    /// The contexts derived from <see cref="Context"/>, directly or not, that are live now, the oldest first.
    /// </summary>
    public IReadOnlyList<Context> Live => [.. _derivations.Live().Select(static one => one.Context)];

    /// <summary>
    /// Moves the clock. Contexts whose deadline is not after the new time are done when this returns. Their
    /// callbacks, and code that awaits them, run on other threads and may come later: await the code's own task.
    /// </summary>
    /// <param name="time">How far, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is less than zero.</exception>
    public void Advance(TimeSpan time) => Clock.Advance(time);

    /// <summary>
    /// Checks that every context derived from <see cref="Context"/> has ended: was disposed or canceled, or its
    /// deadline has passed. Call it once the code under test has returned.
    /// </summary>
    /// <exception cref="ContextAssertionException">
    /// Contexts are live. The message names each of them and the line that derived it.
    /// </exception>
    public void AssertNothingLeft()
    {
        var live = _derivations.Live();
        if (live.Count > 0)
        {
            throw new ContextAssertionException(
                $"{live.Count} context{(live.Count == 1 ? " is" : "s are")} still live. Dispose what you derive, "
                + "for example with 'using var'."
                + string.Concat(live.Select(static one => $"{Environment.NewLine}  {one.Context} {one.Line}")));
        }
    }

    /// <summary>
    /// Ends <see cref="Context"/> and all that was derived from it. Derivations are not recorded any more. A second
    /// call does nothing.
    /// </summary>
    public void Dispose()
    {
        _derivations.Dispose();
        Context.Dispose();
    }
}
