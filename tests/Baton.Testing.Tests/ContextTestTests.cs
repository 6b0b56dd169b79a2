using System.Runtime.CompilerServices;

namespace Baton.Testing.Tests;

/// <summary>A context on a fake clock, and what is left of it.</summary>
public sealed class ContextTestTests
{
    [Fact]
    public void Its_context_runs_on_its_clock()
    {
        using var test = new ContextTest();
        using var child = test.Context.WithTimeout(TimeSpan.FromSeconds(2));

        test.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        ContextAssert.Live(child);
        test.Advance(TimeSpan.FromTicks(1));

        Assert.IsType<DeadlineExceededException>(child.Err);
        Assert.Same(test.Clock, test.Context.TimeProvider);
        ContextAssert.Live(test.Context);
    }

    [Fact]
    public void Two_tests_may_share_a_clock_and_have_a_context_each()
    {
        var clock = new FakeTimeProvider();
        using var first = new ContextTest(clock);
        using var second = new ContextTest(clock);
        using var child = first.Context.WithCancel();

        second.AssertNothingLeft();
        Assert.Equal([child], first.Live);
        Assert.Same(clock, second.Clock);
    }

    [Fact]
    public void A_context_that_is_left_live_is_named_with_the_line_that_derived_it()
    {
        using var test = new ContextTest();
        var leak = Derive(test.Context, out var line);

        var e = Assert.Throws<ContextAssertionException>(test.AssertNothingLeft);

        Assert.StartsWith("1 context is still live. Dispose what you derive", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{leak} derived at", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Derive), e.Message, StringComparison.Ordinal);
        Assert.EndsWith($"{nameof(ContextTestTests)}.cs:line {line}", e.Message, StringComparison.Ordinal);
        leak.Dispose();
        test.AssertNothingLeft();
    }

    [Theory]
    [InlineData("WithCancel")]
    [InlineData("WithTimeout")]
    [InlineData("WithDeadline")]
    [InlineData("WithCancel(token)")]
    [InlineData("below a value")]
    [InlineData("group")]
    public void Every_kind_of_derived_context_is_seen(string kind)
    {
        using var other = new CancellationTokenSource();
        using var test = new ContextTest();
        Context left = kind switch
        {
            "WithCancel" => test.Context.WithCancel(),
            "WithTimeout" => test.Context.WithTimeout(TimeSpan.FromSeconds(1)),
            "WithDeadline" => test.Context.WithDeadline(test.Clock.GetUtcNow().AddSeconds(1)),
            "WithCancel(token)" => test.Context.WithCancel(other.Token),
            "below a value" => test.Context.WithValue(new ContextKey<int>("n"), 1).WithCancel(),
            _ => ContextOf(test.Context.Group(), test),
        };

        Assert.Contains(left, test.Live);
        Assert.Throws<ContextAssertionException>(test.AssertNothingLeft);
    }

    [Fact]
    public void What_WithoutCancel_gives_outlives_the_test_on_purpose_and_is_not_counted()
    {
        using var test = new ContextTest();
        using var later = test.Context.WithoutCancel().WithCancel();

        test.AssertNothingLeft();
        ContextAssert.Live(later);
    }

    [Fact]
    public void A_context_that_its_deadline_has_ended_is_not_left()
    {
        using var test = new ContextTest();
        var child = test.Context.WithTimeout(TimeSpan.FromSeconds(1));

        test.Advance(TimeSpan.FromSeconds(1));

        test.AssertNothingLeft();
        Assert.Empty(test.Live);
        child.Dispose();
    }

    [Fact]
    public void Its_end_ends_its_contexts_and_a_second_disposal_does_nothing()
    {
        var test = new ContextTest();
        var child = test.Context.WithCancel();

        test.Dispose();
        test.Dispose();

        ContextAssert.Done(child);
        using var late = test.Context.WithCancel();
        Assert.DoesNotContain(late, test.Live);
    }

    [Fact]
    public void Many_tests_side_by_side_see_their_own_contexts_alone() =>
        Parallel.For(0, 200, static n =>
        {
            using var test = new ContextTest();
            var own = Enumerable.Range(0, n % 5).Select(_ => test.Context.WithCancel()).ToArray();

            Assert.Equal(own, test.Live);
        });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CancelableContext Derive(Context ctx, out int line)
    {
        line = Line() + 1;
        return ctx.WithTimeout(TimeSpan.FromSeconds(3));
    }

    private static int Line([CallerLineNumber] int line = 0) => line;

    /// <summary>The context of a group, which is the newest.</summary>
    private static Context ContextOf(ContextGroup group, ContextTest test)
    {
        Assert.NotNull(group);
        return test.Live[^1];
    }
}
