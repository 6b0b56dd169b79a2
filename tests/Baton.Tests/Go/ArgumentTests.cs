namespace Baton.Tests.Go;

public sealed class ArgumentTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Fact]
    [GoTest(41)]
    public void A_null_key_is_refused()
    {
        Assert.Throws<ArgumentNullException>(
            "key", () => Context.Background.WithValue<string>(null!, "value"));
        Assert.Throws<ArgumentNullException>("key", () => Context.Background.Value<string>(null!));
        Assert.Throws<ArgumentNullException>(
            "key", () => Context.Background.TryGetValue<string>(null!, out _));
    }

    [Fact]
    [GoTest(42, 43, 44)]
    public void Nothing_is_derived_from_null()
    {
        Context none = null!;

        Assert.Throws<NullReferenceException>(() => none.WithCancel());
        Assert.Throws<NullReferenceException>(() => none.WithDeadline(DateTimeOffset.MaxValue));
        Assert.Throws<NullReferenceException>(() => none.WithValue(s_key, "value"));
    }

    [Fact]
    [GoTest(42, 43, 44)]
    public void A_null_context_is_refused_as_an_argument()
    {
        Context none = null!;

        Assert.Throws<ArgumentNullException>("ctx", () => (CancellationToken)none);
        Assert.Throws<ArgumentNullException>("ctx", () => Context.Background.WithCancel(none));
        Assert.Throws<ArgumentNullException>("ctx", () => Select.Done(none));
        Assert.Throws<ArgumentNullException>("callback", () => Context.Background.AfterFunc(null!));
    }

    [Fact]
    [GoTest(45, 46)]
    public void A_passed_deadline_is_told_from_a_cancel_by_its_type()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));

        clock.Advance(TimeSpan.FromSeconds(3));

        var thrown = Assert.Throws<DeadlineExceededException>(ctx.ThrowIfDone);
        Assert.IsAssignableFrom<OperationCanceledException>(thrown);
        Assert.Equal(ctx.Deadline, thrown.Deadline);
        Assert.Equal(clock.GetUtcNow() - TimeSpan.FromSeconds(2), thrown.Deadline);
    }
}
