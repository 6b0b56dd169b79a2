using CsCheck;

namespace Baton.Tests.Model;

internal enum Op
{
    WithCancel,
    Merge,
    MergeForeign,
    WithTimeout,
    WithDeadline,
    WithValue,
    WithoutCancel,
    FromToken,
    Cancel,
    CancelWithCause,
    Dispose,
    CancelForeign,
    Advance,
    AfterFunc,
    Register,
    Stop,
    TakeDone,
    ReadDeadline,
}

/// <summary>
/// One operation. Its numbers pick among the contexts that exist when it runs, so any list of steps is a
/// program.
/// </summary>
internal readonly record struct Step(Op Op, int On, int A, int B);

/// <param name="Steps">The operations.</param>
/// <param name="LooksOnce">
/// Whether contexts are read only at the end, because reading may itself change something.
/// </param>
internal sealed record TestProgram(Step[] Steps, bool LooksOnce)
{
    internal const int MostSteps = 40;

    private static readonly (int Weight, Op Op)[] s_weights =
    [
        (12, Op.WithCancel), (6, Op.Merge), (2, Op.MergeForeign), (12, Op.WithTimeout), (6, Op.WithDeadline),
        (6, Op.WithValue), (3, Op.WithoutCancel), (2, Op.FromToken), (4, Op.Cancel),
        (5, Op.CancelWithCause), (4, Op.Dispose), (2, Op.CancelForeign), (8, Op.Advance), (6, Op.AfterFunc),
        (3, Op.Register), (4, Op.Stop), (5, Op.TakeDone), (3, Op.ReadDeadline),
    ];

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.OneOfConst(
            s_weights.SelectMany(static pair => Enumerable.Repeat(pair.Op, pair.Weight)).ToArray()),
        Gen.Int[0, 63],
        Gen.Int[0, 63],
        Gen.Int[0, 63],
        static (op, on, a, b) => new Step(op, on, a, b));

    internal static Gen<TestProgram> Any { get; } = Gen.Select(
        s_step.Array[1, MostSteps],
        Gen.Int[0, 3],
        static (steps, look) => new TestProgram(steps, LooksOnce: look == 0));

    /// <summary>Smaller programs: without one step, or with one number closer to zero.</summary>
    internal IEnumerable<TestProgram> Simpler()
    {
        for (var length = Steps.Length / 2; length > 0; length /= 2)
        {
            for (var i = 0; i + length <= Steps.Length; i++)
            {
                yield return this with { Steps = [.. Steps[..i], .. Steps[(i + length)..]] };
            }
        }

        for (var i = 0; i < Steps.Length; i++)
        {
            var step = Steps[i];
            foreach (var simpler in Enumerable.Range(0, step.On).Select(on => step with { On = on })
                .Concat(Enumerable.Range(0, step.A).Select(a => step with { A = a }))
                .Concat(Enumerable.Range(0, step.B).Select(b => step with { B = b })))
            {
                yield return this with { Steps = [.. Steps[..i], simpler, .. Steps[(i + 1)..]] };
            }
        }
    }
}
