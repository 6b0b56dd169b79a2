namespace Baton.Analyzers.Tests.Values;

public class UnreadableValueTests
{
    private const string Rule = "BTN204";

    private static string In(string body) => $$"""
        interface IMediator
        {
            Task<string> Send(string request, CancellationToken token = default);
            Task Publish(Context ctx, string request);
        }

        class Tested(IMediator mediator)
        {
            private static readonly ContextKey<string> User = new("user");
            private static readonly ContextKey<int> Tenant = new("tenant");

            async Task M(Context ctx, string name, bool flag)
            {
                await Task.Yield();
                {{body}}
            }

            static Context Own(Context ctx) => ctx;
            public string? Read(Context ctx) => ctx.Value(User) + ctx.Value(Tenant);
        }
        """;

    [Theory]
    [InlineData("await mediator.Send(name, ctx.[|WithValue|](User, name));")]
    [InlineData("await mediator.Send(name, token: ctx.[|WithValue|](User, name));")]
    [InlineData("await mediator.Send(name, ctx.[|WithValue|](User, name).Done);")]
    [InlineData("await mediator.Send(name, (CancellationToken)ctx.[|WithValue|](User, name));")]
    [InlineData("await mediator.Send(name, ctx.WithValue(User, name).[|WithValue|](Tenant, 1));")]
    [InlineData("var named = ctx.[|WithValue|](User, name); await mediator.Send(name, named);")]
    [InlineData("var named = ctx.[|WithValue|](User, name); await mediator.Send(name, named); await mediator.Send(name, named.Done);")]
    [InlineData("Context named = ctx.[|WithValue|](User, name); Func<Task> later = () => mediator.Send(name, named); await later();")]
    [InlineData("CancellationToken token = ctx.[|WithValue|](User, name); await mediator.Send(name, token);")]
    [InlineData("var token = ctx.[|WithValue|](User, name).Done; await mediator.Send(name, token);")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); await mediator.Send(name, child.[|WithValue|](User, name));")]
    [InlineData("if (flag) { await mediator.Send(name, (ctx.[|WithValue|](User, name))); }")]
    public Task Reports_a_value_that_only_a_token_could_carry(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("await mediator.Publish(ctx.WithValue(User, name), name);")]
    [InlineData("using var child = ctx.WithValue(User, name).WithCancel(); await mediator.Send(name, child);")]
    [InlineData("using var child = ctx.WithValue(User, name).WithTimeout(TimeSpan.FromSeconds(1)); await mediator.Send(name, child);")]
    [InlineData("var named = ctx.WithValue(User, name); await mediator.Send(name, named); Console.WriteLine(named.Value(User));")]
    [InlineData("var named = ctx.WithValue(User, name); await mediator.Send(name, named); await mediator.Publish(named, name);")]
    [InlineData("var named = ctx.WithValue(User, name); using var child = named.WithCancel(); await mediator.Send(name, child);")]
    [InlineData("var named = ctx.WithValue(User, name); Func<Context> get = () => named; await mediator.Send(name, get());")]
    [InlineData("var named = ctx.WithValue(User, name); named.ThrowIfDone();")]
    [InlineData("ctx = ctx.WithValue(User, name); await mediator.Send(name, ctx);")]
    [InlineData("await mediator.Send(name, Own(ctx.WithValue(User, name)));")]
    [InlineData("var named = flag ? ctx.WithValue(User, name) : ctx; await mediator.Send(name, named);")]
    [InlineData("await mediator.Send(name, ctx);")]
    [InlineData("var named = ctx.WithValue(User, name);")]
    public Task Is_silent_where_the_value_can_be_read(string body) => Verify.Silent(In(body));
}
