namespace Baton.Tests;

public sealed class ValueTests
{
    private static readonly ContextKey<string?> s_text = new("same name");
    private static readonly ContextKey<string?> s_namesake = new("same name");
    private static readonly ContextKey<int> s_number = new("same name");
    private static readonly ContextKey<Guid?> s_optional = new("optional");

    [Fact]
    public void A_key_that_is_nowhere_above_gives_the_default()
    {
        using var ctx = Context.Background.WithCancel();

        Assert.Null(ctx.Value(s_text));
        Assert.Equal(0, ctx.Value(s_number));
        Assert.False(ctx.TryGetValue(s_number, out var number));
        Assert.Equal(0, number);
        Assert.Null(Context.Background.Value(s_optional));
    }

    [Fact]
    public void A_key_is_equal_only_to_itself_whatever_its_name()
    {
        var ctx = Context.Background.WithValue(s_text, "mine").WithValue(s_number, 7);

        Assert.Equal("mine", ctx.Value(s_text));
        Assert.Equal(7, ctx.Value(s_number));
        Assert.False(ctx.TryGetValue(s_namesake, out _));
        Assert.NotEqual(s_text, s_namesake);
    }

    [Fact]
    public void The_nearest_value_hides_those_further_up()
    {
        var outer = Context.Background.WithValue(s_text, "outer");
        using var between = outer.WithValue(s_number, 1).WithCancel();
        var inner = between.WithValue(s_text, "inner");

        Assert.Equal("inner", inner.Value(s_text));
        Assert.Equal("outer", between.Value(s_text));
        Assert.Equal("outer", outer.Value(s_text));
        Assert.Equal(1, inner.Value(s_number));
    }

    [Fact]
    public void A_null_is_a_value_and_hides_too()
    {
        var ctx = Context.Background.WithValue(s_text, "outer").WithValue(s_text, null);

        Assert.True(ctx.TryGetValue(s_text, out var text));
        Assert.Null(text);
        Assert.Null(ctx.Value(s_text));
    }

    [Fact]
    public void Value_types_come_back_as_they_went_in()
    {
        var id = new Guid("01234567-89ab-cdef-0123-456789abcdef");
        var ctx = Context.Background.WithValue(s_optional, id).WithValue(s_number, int.MinValue);

        Assert.Equal(id, ctx.Value(s_optional));
        Assert.Equal(int.MinValue, ctx.Value(s_number));
        Assert.True(ctx.WithValue(s_number, 0).TryGetValue(s_number, out var zero));
        Assert.Equal(0, zero);
        Assert.Null(ctx.WithValue(s_optional, null).Value(s_optional));
    }

    [Fact]
    public void A_value_context_shares_the_end_of_its_parent()
    {
        using var parent = Context.Background.WithTimeout(TimeSpan.FromDays(1));
        var ctx = parent.WithValue(s_number, 1);

        Assert.Equal(parent.Done, ctx.Done);
        Assert.Equal(parent.Deadline, ctx.Deadline);
        parent.Cancel();
        Assert.Same(parent.Err, ctx.Err);
        Assert.Equal(CancellationToken.None, Context.Background.WithValue(s_number, 1).Done);
    }

    [Fact]
    public void Values_survive_a_cancel_and_every_kind_of_derivation()
    {
        using var source = new CancellationTokenSource();
        using var parent = Context.Background.WithValue(s_text, "kept").WithCancel();
        using var deadline = parent.WithTimeout(TimeSpan.FromDays(1));
        using var merged = parent.WithCancel(source.Token);
        Context[] all =
        [
            parent,
            deadline,
            merged,
            parent.WithoutCancel(),
            parent.WithValue(s_number, 1),
        ];

        Assert.All(all, ctx => Assert.Equal("kept", ctx.Value(s_text)));
        parent.Cancel();

        Assert.All(all, ctx => Assert.Equal("kept", ctx.Value(s_text)));
        Assert.Equal("kept", deadline.WithoutCancel().WithCancel().Value(s_text));
    }

    [Fact]
    public void More_keys_than_a_filter_has_bits_are_still_told_apart()
    {
        var keys = Enumerable.Range(0, 1_000).Select(i => new ContextKey<int>($"k{i}")).ToArray();
        var ctx = Context.Background;
        for (var i = 0; i < keys.Length; i += 2)
        {
            ctx = ctx.WithValue(keys[i], i);
        }

        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(i % 2 == 0, ctx.TryGetValue(keys[i], out var value));
            Assert.Equal(i % 2 == 0 ? i : 0, value);
        }
    }

    [Fact]
    public void Keys_that_share_a_bit_of_the_filter_do_not_hide_each_other()
    {
        var keys = Enumerable.Range(0, 129).Select(i => new ContextKey<int>($"k{i}")).ToArray();
        var first = keys[0];
        var sharing = keys.Skip(1).First(key => key.FilterBit == first.FilterBit);

        var ctx = Context.Background.WithValue(first, 1);

        Assert.False(ctx.TryGetValue(sharing, out _));
        Assert.Equal(1, ctx.WithValue(sharing, 2).Value(first));
        Assert.Equal(2, ctx.WithValue(sharing, 2).Value(sharing));
    }

    [Fact]
    public async Task Keys_made_on_many_threads_find_their_own()
    {
        var made = await WaitFor.Result(Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
            Enumerable.Range(0, 200).Select(i => (Key: new ContextKey<int>("k"), Value: (n * 1_000) + i))
                .ToArray()))));
        var pairs = made.SelectMany(pair => pair).ToArray();

        var ctx = pairs.Aggregate(Context.Background, (ctx, pair) => ctx.WithValue(pair.Key, pair.Value));

        Assert.All(pairs, pair => Assert.Equal(pair.Value, ctx.Value(pair.Key)));
    }

    [Fact]
    public void However_long_the_chain_each_key_gives_its_nearest_value()
    {
        var keys = Enumerable.Range(0, 150).Select(static i => new ContextKey<int>($"key {i}")).ToArray();
        var nearest = new Dictionary<ContextKey<int>, int>();
        var random = new Random(20261124);
        var ctx = Context.Background;
        for (var depth = 1; depth <= 700; depth++)
        {
            var key = keys[random.Next(random.Next(1, keys.Length))];
            ctx = ctx.WithValue(key, depth);
            nearest[key] = depth;
            if (depth % 5 != 0)
            {
                continue;
            }

            foreach (var asked in keys)
            {
                Assert.Equal(
                    nearest.TryGetValue(asked, out var expected), ctx.TryGetValue(asked, out var value));
                Assert.Equal(expected, value);
            }
        }
    }

    [Fact]
    public void A_sibling_s_values_are_not_seen_however_long_the_chain_above()
    {
        var fork = Enumerable.Range(0, 40)
            .Aggregate(
                Context.Background, static (ctx, i) => ctx.WithValue(new ContextKey<int>($"key {i}"), i));
        var left = Enumerable.Range(0, 40).Aggregate(fork, static (ctx, i) => ctx.WithValue(s_number, i));
        var right = Enumerable.Range(0, 40)
            .Aggregate(fork, static (ctx, i) => ctx.WithValue(new ContextKey<int>($"other {i}"), i));

        Assert.Equal(39, left.Value(s_number));
        Assert.False(right.TryGetValue(s_number, out _));
        Assert.False(fork.TryGetValue(s_number, out _));
    }
}
