using System.Globalization;
using CsCheck;

namespace Baton.Tests.Model;

/// <summary>Random programs have the same effects on real contexts as on the model.</summary>
public sealed class ModelTests
{
    private const ulong FixedSeed = 20261124;

    [Fact]
    public async Task Every_operation_leaves_every_context_as_the_model_has_it()
    {
        var operations = Nightly.Operations;
        var seed = Nightly.IsOn ? (ulong)Random.Shared.NextInt64() : FixedSeed;
        var random = new PCG(1, seed);
        for (var done = 0; done < operations;)
        {
            var program = TestProgram.Any.Generate(random, null, out _);
            if (await FailureAsync(program, isPatient: true) is not null)
            {
                Assert.Fail($"Seed {seed}:\n{await DescribeAsync(await ShrinkAsync(program))}");
            }

            done += program.Steps.Length;
        }
    }

    private static async Task<TestProgram> ShrinkAsync(TestProgram failing)
    {
        for (var shorter = failing; shorter is not null;)
        {
            failing = shorter;
            shorter = null;
            foreach (var candidate in failing.Simpler())
            {
                if (await FailureAsync(candidate, isPatient: false) is not null)
                {
                    shorter = candidate;
                    break;
                }
            }
        }

        return failing;
    }

    private static async Task<string> DescribeAsync(TestProgram program)
    {
        var machine = new Machine();
        var mismatch = await FailureAsync(machine, program, isPatient: false);
        return string.Create(
            CultureInfo.InvariantCulture, $"{string.Join('\n', machine.Lines)}\n→ {mismatch}");
    }

    private static Task<string?> FailureAsync(TestProgram program, bool isPatient) =>
        FailureAsync(new Machine(), program, isPatient);

    private static async Task<string?> FailureAsync(Machine machine, TestProgram program, bool isPatient)
    {
        try
        {
            if (machine.Run(program) is { } mismatch)
            {
                return mismatch;
            }

            // Callbacks run on the thread pool. While shrinking, the test waits less long for a callback that
            // never runs.
            if (!SpinWait.SpinUntil(() => machine.IsSettled, isPatient ? 1 : 200) && isPatient)
            {
                await WaitFor.True(() => machine.IsSettled);
            }

            return machine.Conclude();
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            return e.ToString();
        }
    }
}
