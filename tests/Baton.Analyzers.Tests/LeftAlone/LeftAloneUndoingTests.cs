namespace Baton.Analyzers.Tests.LeftAlone;

/// <summary>Cleanup and its helpers, what follows the point of no return, and calls that the message is not true of.</summary>
public class LeftAloneUndoingTests
{
    private const string Types = """

        interface IPayments
        {
            Task CommitAsync();
            Task ChargeAsync();
            Task PublishAsync();
            Task CommitTransactionAsync();
            Task PayAsync();
            Task<bool> TryPayAsync();
            Task RefundAsync(CancellationToken token = default);
            Task CompensateAsync(CancellationToken token = default);
            Task UndoAsync(CancellationToken token = default);
            Task RevertAsync(CancellationToken token = default);
            Task TryDeleteAsync(CancellationToken token = default);
            Task ReleaseAsync(CancellationToken token = default);
            Task UnlockAsync(CancellationToken token = default);
            Task RemoveOrderAsync(CancellationToken token = default);
            Task LogAsync(string text = "", CancellationToken token = default);
            Task SaveChangesAsync(CancellationToken token = default);
            Task<string> GetAsync(CancellationToken token = default);
        }

        record Outcome(bool Succeeded, string? Error);
        """;

    private static string Orders(string statements, string members = "") => $$"""
        class Orders(IPayments pay) : ControllerBase, IAsyncDisposable
        {
            public async Task Post()
            {
                {{statements}}
                await Task.Yield();
            }

            public async ValueTask DisposeAsync() => await Leave();
            private async Task Leave() => await pay.LogAsync();
            {{members}}
        }

        class WithContext(IPayments pay) : IAsyncDisposable
        {
            public async Task Post(Context ctx)
            {
                ctx.ThrowIfDone();
                {{statements}}
                await Task.Yield();
            }

            public async ValueTask DisposeAsync() => await Leave();
            private async Task Leave() => await pay.LogAsync();
            {{members}}
        }
        """ + Types;

    [Theory]
    [InlineData("try { await pay.ChargeAsync(); } catch (IOException) { await Tell(); throw; }", "private async Task Tell() { await pay.LogAsync(); }")]
    [InlineData("try { await pay.ChargeAsync(); } finally { await Tell(); }", "private async Task Tell() => await pay.LogAsync();")]
    [InlineData("try { await Task.Yield(); } catch (IOException) { await Tell(); }", "private Task Tell() => More(); private async Task More() => await pay.LogAsync();")]
    [InlineData("try { await Task.Yield(); } catch (IOException) { await Tell(3); }", "private async Task Tell(int times) { if (times > 0) { await Tell(times - 1); } await pay.LogAsync(); }")]
    [InlineData("try { await Task.Yield(); } finally { await Tell(); } async Task Tell() => await pay.LogAsync();")]
    public Task Is_silent_in_a_helper_of_cleanup(string statements, string members = "") =>
        Verify.Silent(Orders(statements, members));

    [Fact]
    public Task Reports_in_a_helper_that_is_called_elsewhere_too() => Verify.Reports("BTN112", """
        class Orders(IPayments pay) : ControllerBase
        {
            public async Task Post()
            {
                try
                {
                    await Tell();
                }
                catch (IOException)
                {
                    await Tell();
                }
            }

            private async Task Tell() => await pay.[|LogAsync|]();
        }
        """ + Types);

    [Theory]
    [InlineData("new HttpRequestMessage(HttpMethod.Post, url)")]
    [InlineData("new HttpRequestMessage { Method = HttpMethod.Put, RequestUri = new Uri(url) }")]
    [InlineData("new HttpRequestMessage(System.Net.Http.HttpMethod.Patch, url)")]
    public Task Is_silent_about_the_response_of_a_message_that_changes_something(string message) => Verify.Reports("BTN112", $$"""
        class Orders(HttpClient client) : ControllerBase
        {
            public async Task<string> Post(string url)
            {
                using var message = {{message}};
                using var response = await client.[|SendAsync|](message);
                return await response.Content.ReadAsStringAsync();
            }
        }
        """);

    [Fact]
    public Task Reports_the_response_of_a_message_that_reads() => Verify.Reports("BTN112", """
        class Orders(HttpClient client) : ControllerBase
        {
            public async Task<string> Get(string url)
            {
                using var message = new HttpRequestMessage(HttpMethod.Get, url);
                using var response = await client.[|SendAsync|](message);
                return await response.Content.[|ReadAsStringAsync|]();
            }
        }
        """);

    [Theory]
    [InlineData("await mediator.SendAsync(new StartSession());")]
    [InlineData("IRequest request = isNew ? new StartSession() : new StartNextSession(); await mediator.SendAsync(request);")]
    [InlineData("IRequest request = new RefundOrder(); await mediator.SendAsync(request);")]
    [InlineData("await mediator.SendAsync(isNew ? new RefundOrder() : new FindOrder());")]
    [InlineData("await mediator.[|SendAsync|](new FindOrder());")]
    public Task A_message_is_left_alone_by_what_it_is_made_of(string statements) => Verify.Reports("BTN112", $$"""
        interface IRequest;
        class StartSession : IRequest;
        class StartNextSession : IRequest;
        class RefundOrder : IRequest;
        class FindOrder : IRequest;

        interface IMediator
        {
            Task SendAsync(IRequest request, CancellationToken token = default);
        }

        class Orders(IMediator mediator) : ControllerBase
        {
            public Task Read() => mediator.[|SendAsync|](new FindOrder());

            public async Task Post(bool isNew)
            {
                {{statements}}
                await Task.CompletedTask;
            }
        }
        """);

    [Fact]
    public Task Is_silent_after_what_was_put_into_a_queue() => Verify.Reports("BTN112", """
        interface IQueue
        {
            Task EnqueueAsync(string order, CancellationToken token = default);
            Task LogAsync(CancellationToken token = default);
        }

        class Orders(IQueue queue) : ControllerBase
        {
            public async Task Post(string order)
            {
                await queue.[|EnqueueAsync|](order);
                await queue.LogAsync();
            }
        }
        """);

    [Theory]
    [InlineData("await pay.CommitAsync(); await pay.LogAsync();")]
    [InlineData("await pay.ChargeAsync(); if (DateTime.Now.Hour > 3) { await pay.LogAsync(); }")]
    [InlineData("await pay.PublishAsync(); await pay.LogAsync();")]
    [InlineData("await pay.CommitTransactionAsync(); await pay.SaveChangesAsync();")]
    [InlineData("try { await pay.PayAsync(); } catch (TimeoutException) { return; } await pay.LogAsync();")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope()) { scope.Complete(); } await pay.LogAsync();")]
    public Task Is_silent_after_the_point_of_no_return(string statements) => Verify.Silent(Orders(statements));

    [Fact]
    public Task Is_silent_on_the_response_of_what_was_sent_and_on_the_point_itself() => Verify.Silent("""
        interface IBank
        {
            Task ChargeAsync(int amount, CancellationToken token = default);
            Task CommitAsync(CancellationToken token = default);
            Task PayAsync(CancellationToken token = default);
        }

        class Orders(HttpClient client, IBank bank) : ControllerBase
        {
            public async Task<string> Execute(HttpContent payment)
            {
                var token = await client.{|BTN112:PostAsync|}("http://localhost/execute", payment);
                return await token.Content.ReadAsStringAsync();
            }

            public async Task Pay()
            {
                await bank.ChargeAsync(1);
                await bank.PayAsync();
                await bank.CommitAsync();
            }
        }
        """);

    [Theory]
    [InlineData("await mediator.Send(new CaptureCommand()); await mediator.Send(new UpdateOrderCommand());")]
    [InlineData("await mediator.Send(new PartiallyRefundCommand());")]
    [InlineData("await mediator.Send(new PasswordRecoverySendCommand());")]
    [InlineData("await mediator.Send(new OrderPlacedCommand());")]
    [InlineData("await mediator.Send(new OrderPlacedEvent());")]
    public Task Is_silent_on_a_message_that_has_to_be_handled(string statements) => Verify.Silent(Mediator(statements));

    [Fact]
    public Task Reports_a_message_that_asks_or_changes() => Verify.Reports("BTN112", Mediator("""
        await mediator.[|Send|](new CanRefundQuery());
                await mediator.[|Send|](new GetPaymentQuery());
                await mediator.[|Send|](new UpdateOrderCommand());
        """));

    private static string Mediator(string statements) => $$"""
        class CaptureCommand; class PartiallyRefundCommand; class PasswordRecoverySendCommand; class OrderPlacedCommand;
        class OrderPlacedEvent; class UpdateOrderCommand; class CanRefundQuery; class GetPaymentQuery;

        interface IMediator
        {
            Task Send(object request, CancellationToken token = default);
        }

        class Orders(IMediator mediator) : ControllerBase
        {
            public async Task Post()
            {
                {{statements}}
            }
        }
        """;

    [Fact]
    public Task Reports_before_it_and_where_another_branch_has_come_to_it() => Verify.Reports("BTN112", """
        class Orders(IPayments pay) : ControllerBase
        {
            public async Task Post(bool now)
            {
                await pay.[|LogAsync|]();
                if (now)
                {
                    await pay.CommitAsync();
                    return;
                }

                await pay.[|LogAsync|]();
                await pay.CommitAsync();
            }

            public async Task<string> Put()
            {
                await pay.[|SaveChangesAsync|]();
                await pay.LogAsync();
                return await pay.[|GetAsync|]();
            }
        }
        """ + Types);

    [Fact]
    public Task Reports_what_follows_a_save_where_the_author_chose_a_context() => Verify.Reports("BTN101", """
        class Orders(IPayments pay)
        {
            public async Task Put(Context ctx)
            {
                await pay.[|SaveChangesAsync|]();
                await pay.[|LogAsync|]();
            }
        }
        """ + Types);

    [Theory]
    [InlineData("await pay.RefundAsync();")]
    [InlineData("await pay.CompensateAsync();")]
    [InlineData("await pay.UndoAsync();")]
    [InlineData("await pay.RevertAsync();")]
    [InlineData("await pay.TryDeleteAsync();")]
    [InlineData("await pay.ReleaseAsync();")]
    [InlineData("await pay.UnlockAsync();")]
    public Task Is_silent_on_compensation_by_its_name(string statement) => Verify.Silent(Orders(statement));

    [Theory]
    [InlineData("if (!await pay.TryPayAsync()) { }  var ok = await pay.TryPayAsync(); if (!ok) { await pay.RemoveOrderAsync(); }")]
    [InlineData("var paid = new Outcome(false, null); if (!paid.Succeeded) { await pay.RemoveOrderAsync(); }")]
    [InlineData("var paid = new Outcome(false, null); if (paid.Succeeded) { } else { await pay.RemoveOrderAsync(); }")]
    [InlineData("var paid = new Outcome(false, null); if (paid.Succeeded) { return; } await pay.RemoveOrderAsync();")]
    [InlineData("var paid = new Outcome(false, null); if (paid.Error is not null) { await pay.RemoveOrderAsync(); }")]
    [InlineData("var paid = new Outcome(false, null); if (paid is null || paid.Error != null) await pay.RemoveOrderAsync();")]
    [InlineData("var succeeded = false; if (succeeded == false) { await pay.RemoveOrderAsync(); }")]
    public Task Is_silent_on_compensation_by_its_place(string statements) => Verify.Silent(Orders(statements));

    [Fact]
    public Task Reports_in_the_branch_that_follows_a_success() => Verify.Reports("BTN112", """
        class Orders(IPayments pay) : ControllerBase
        {
            public async Task Post(Outcome paid)
            {
                if (paid.Succeeded)
                {
                    await pay.[|RemoveOrderAsync|]();
                }
                else
                {
                    await pay.[|GetAsync|]();
                }

                if (paid.Error is null)
                {
                    await pay.[|RemoveOrderAsync|]();
                }
            }
        }
        """ + Types);

    [Fact]
    public Task Is_silent_on_calls_that_end_with_the_request_by_themselves() => Verify.Silent("""
        class Handler
        {
            public static async Task Json(HttpResponse response) => await response.WriteAsJsonAsync(1);
            public static async Task File(HttpResponse response) => await response.SendFileAsync("a");

            public static async Task Both(Context ctx, HttpResponse response)
            {
                ctx.ThrowIfDone();
                await response.WriteAsJsonAsync(1);
                await response.SendFileAsync("a");
            }
        }
        """);

    [Theory]
    [InlineData("await gate.WaitAsync(0);")]
    [InlineData("await gate.WaitAsync(TimeSpan.Zero);")]
    [InlineData("gate.Wait(0);")]
    [InlineData("gate.Wait(millisecondsTimeout: 0);")]
    [InlineData("gate.Wait(TimeSpan.FromSeconds(0));")]
    [InlineData("Task.CompletedTask.Wait(TimeSpan.Zero);")]
    [InlineData("await Task.Delay(0);")]
    [InlineData("await Task.CompletedTask.WaitAsync(TimeSpan.Zero);")]
    public Task Is_silent_on_a_wait_that_does_not_wait(string statement) => Verify.Silent($$"""
        class Handler
        {
            public static async Task Handle(HttpContext http, SemaphoreSlim gate)
            {
                {{statement}}
                await Task.Yield();
            }

            public static async Task With(Context ctx, SemaphoreSlim gate)
            {
                {{statement}}
                await Task.Yield();
            }
        }
        """);
}
