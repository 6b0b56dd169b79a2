using System.Globalization;
using Baton.Tests.Model;
using CsCheck;

namespace Baton.Tests.Deadlines;

/// <summary>Compares the queue alone with a list that is sorted by due time.</summary>
public sealed class QueueOrderTests
{
    private const ulong FixedSeed = 20261124;

    /// <summary>Timeouts from a tick to some years; some of them are equal.</summary>
    private static readonly Gen<long> s_span =
        Gen.Select(Gen.Int[0, 52], Gen.Int[-1, 1], static (bits, off) => Math.Max(1, (1L << bits) + off));

    private static readonly Gen<Step[]> s_program = Gen.Select(
        Gen.OneOfConst(Kind.Insert, Kind.Insert, Kind.Insert, Kind.Remove, Kind.Advance),
        s_span,
        Gen.Int[0, 99],
        static (kind, span, pick) => new Step(kind, span, pick)).Array[1, 60];

    private enum Kind
    {
        Insert,
        Remove,
        Advance,
    }

    [Fact]
    public void What_falls_due_is_what_a_sorted_list_has_and_in_its_order()
    {
        var random = new PCG(1, Nightly.IsOn ? (ulong)Random.Shared.NextInt64() : FixedSeed);
        for (var done = 0; done < Nightly.Operations;)
        {
            var program = s_program.Generate(random, null, out _);
            if (Failure(program) is not null)
            {
                program = Shrunk(program);
                Assert.Fail($"{string.Join('\n', program)}\n→ {Failure(program)}");
            }

            done += program.Length;
        }
    }

    private static Step[] Shrunk(Step[] program)
    {
        for (var i = 0; i < program.Length;)
        {
            Step[] shorter = [.. program[..i], .. program[(i + 1)..]];
            (program, i) = Failure(shorter) is null ? (program, i + 1) : (shorter, 0);
        }

        return program;
    }

    private static string? Failure(Step[] program)
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        var list = new List<(long Due, int Number, CancelableContext Ctx)>();
        var fallen = new List<int>();
        var now = 0L;
        var made = 0;
        foreach (var step in program)
        {
            switch (step.Kind)
            {
                case Kind.Insert:
                    var ctx = root.WithTimeout(new TimeSpan(step.Span));
                    ctx.Add(new Recorder(fallen, made));
                    list.Add((now + step.Span, made++, ctx));
                    break;
                case Kind.Remove when list.Count > 0:
                    var gone = list[step.Pick % list.Count];
                    list.Remove(gone);
                    gone.Ctx.Dispose();
                    break;
                case Kind.Advance:
                    now += step.Span;
                    clock.Advance(new TimeSpan(step.Span));
                    var wanted = list.Where(item => item.Due <= now).OrderBy(static item => item.Due)
                        .ThenBy(static item => item.Number);
                    if (!wanted.Select(static item => item.Number).SequenceEqual(fallen))
                    {
                        return $"fell due: {string.Join(' ', fallen)}; were to: {string.Join(' ', wanted.Select(static item => item.Number))}";
                    }

                    list.RemoveAll(item => item.Due <= now);
                    break;
            }

            fallen.Clear();
            if (root.Queue.Count != list.Count)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"{root.Queue.Count} wait, not {list.Count}");
            }
        }

        list.ForEach(static item => item.Ctx.Dispose());
        return root.Queue.Count == 0 ? null : "some are left in the end";
    }

    private sealed record Step(Kind Kind, long Span, int Pick);

    /// <summary>Notes the order in which contexts end: it runs on the thread that ends them.</summary>
    private sealed class Recorder(List<int> fallen, int number) : Callback
    {
        internal override void Run() => fallen.Add(number);
    }
}
