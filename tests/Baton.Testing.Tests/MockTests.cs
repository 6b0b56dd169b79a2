using Moq;
using NSubstitute;

namespace Baton.Testing.Tests;

/// <summary>Mocks that take a context or a token, as docs/testing.md shows them.</summary>
public sealed class MockTests
{
    public interface IStock
    {
        Task<int> CountAsync(Context ctx, string item);

        Task<int> CountByTokenAsync(string item, CancellationToken cancellationToken);
    }

    [Fact]
    public async Task Moq_can_ask_whether_a_double_was_given_the_context_or_a_child()
    {
        using var test = new ContextTest();
        using var child = test.Context.WithTimeout(TimeSpan.FromSeconds(1));
        var stock = new Mock<IStock>();
        stock.Setup(one => one.CountAsync(It.IsAny<Context>(), "hat")).ReturnsAsync(3);

        Assert.Equal(3, await stock.Object.CountAsync(child, "hat"));
        await stock.Object.CountByTokenAsync("hat", child);

        stock.Verify(one => one.CountAsync(It.Is<Context>(c => c.DescendsFrom(test.Context)), "hat"), Times.Once);
        stock.Verify(one => one.CountByTokenAsync(
            "hat", It.Is<CancellationToken>(token => token.DescendsFrom(test.Context))), Times.Once);
        stock.Verify(one => one.CountAsync(It.Is<Context>(c => c.DescendsFrom(Context.Todo)), "hat"), Times.Never);
    }

    [Fact]
    public async Task NSubstitute_can_too()
    {
        using var test = new ContextTest();
        using var child = test.Context.WithTimeout(TimeSpan.FromSeconds(1));
        var stock = Substitute.For<IStock>();
        stock.CountAsync(Arg.Any<Context>(), "hat").Returns(3);

        Assert.Equal(3, await stock.CountAsync(child, "hat"));
        await stock.CountByTokenAsync("hat", child);

        await stock.Received().CountAsync(Arg.Is<Context>(c => c.DescendsFrom(test.Context)), "hat");
        await stock.Received().CountByTokenAsync(
            "hat", Arg.Is<CancellationToken>(token => token.DescendsFrom(test.Context)));
        await stock.DidNotReceive().CountAsync(Arg.Is<Context>(c => c.DescendsFrom(Context.Todo)), "hat");
    }

    [Fact]
    public void The_matcher_of_a_context_where_a_token_goes_says_what_to_write()
    {
        var stock = Substitute.For<IStock>();
        ArgumentNullException? thrown = null;

        // A thread of its own: NSubstitute keeps the matcher for the thread's next call.
        var thread = new Thread(() => thrown = Assert.Throws<ArgumentNullException>(() =>
        {
            _ = stock.CountByTokenAsync("hat", Arg.Any<Context>());
        }));
        thread.Start();
        thread.Join();

        Assert.Contains("Arg.Any<CancellationToken>()", thrown!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_descends_from_a_context_whose_token_it_is_and_a_linked_one_does_not()
    {
        using var test = new ContextTest();
        var valued = test.Context.WithValue(new ContextKey<int>("n"), 1);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(test.Context.Done);

        Assert.True(test.Context.Done.DescendsFrom(test.Context));
        Assert.True(valued.Done.DescendsFrom(valued));
        Assert.False(linked.Token.DescendsFrom(test.Context));
        Assert.False(CancellationToken.None.DescendsFrom(test.Context));
        Assert.False(CancellationToken.None.DescendsFrom(Context.Background));
        Assert.False(((Context?)null).DescendsFrom(test.Context));
    }
}
