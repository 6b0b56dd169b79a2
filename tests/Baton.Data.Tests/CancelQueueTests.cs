using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Data.Tests;

/// <summary>A driver whose cancel blocks its thread, as that of a driver does that connects in order to cancel.</summary>
public sealed class CancelQueueTests
{
    [Fact]
    public async Task Cancels_of_one_server_run_a_few_at_a_time_and_the_canceling_thread_runs_none()
    {
        using var driver = new Driver();
        using var source = driver.WithBaton();
        using var ctx = Context.Background.WithCancel();
        var running = Enumerable.Range(0, 20)
            .Select(_ => Task.Factory.StartNew(
                () => source.CreateCommand("").WithContext(ctx).ExecuteNonQuery(),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
            .ToArray();
        await WaitFor.True(() => driver.Executing == 20);

        ctx.Cancel();
        await WaitFor.True(() => driver.Canceling == CancelQueue.AtOnce);
        driver.Go.Set();
        foreach (var one in running)
        {
            await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(one));
        }

        Assert.Equal(CancelQueue.AtOnce, driver.MostCanceling);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, driver.Cancelers);
    }

    [Fact]
    public async Task An_unknown_driver_gets_the_token_and_its_timeout_in_whole_seconds()
    {
        using var driver = new Driver();
        using var source = driver.WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(90.5));
        await using var command = (ContextCommand)source.CreateCommand("");
        command.CommandTimeout = 0;

        await command.ExecuteScalarAsync(ctx);

        Assert.Equal(ctx.Done, driver.Token);
        Assert.Equal(91, command.Inner.CommandTimeout);
        Assert.Equal(0, command.CommandTimeout);
    }

    [Fact]
    public async Task A_timeout_of_the_application_that_is_shorter_stays()
    {
        using var driver = new Driver();
        using var source = driver.WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(90));
        await using var command = (ContextCommand)source.CreateCommand("");
        command.CommandTimeout = 7;

        await command.ExecuteScalarAsync(ctx);

        Assert.Equal(7, command.Inner.CommandTimeout);
    }

    private sealed class Driver : DbDataSource
    {
        private readonly Lock _lock = new();

        public override string ConnectionString => "";

        internal ManualResetEventSlim Go { get; } = new();

        internal int Executing;

        internal int Canceling { get; private set; }

        internal int MostCanceling { get; private set; }

        internal List<int> Cancelers { get; } = [];

        internal CancellationToken Token { get; set; }

        internal void Cancel()
        {
            lock (_lock)
            {
                Cancelers.Add(Environment.CurrentManagedThreadId);
                MostCanceling = Math.Max(MostCanceling, ++Canceling);
            }

            Go.Wait();
            lock (_lock)
            {
                Canceling--;
            }
        }

        protected override DbConnection CreateDbConnection() => new Connection(this);
    }

    private sealed class Connection(Driver driver) : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = $"{driver.GetHashCode()}";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName)
        {
        }

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
            throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => new Command(driver) { Connection = this };
    }

    private sealed class Command(Driver driver) : DbCommand
    {
        private readonly ManualResetEventSlim _isCanceled = new();

        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; }

        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
            driver.Cancel();
            _isCanceled.Set();
        }

        public override int ExecuteNonQuery()
        {
            Interlocked.Increment(ref driver.Executing);
            _isCanceled.Wait();
            throw new OperationCanceledException();
        }

        public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
        {
            driver.Token = cancellationToken;
            return Task.FromResult<object?>(null);
        }

        public override object? ExecuteScalar() => null;

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => throw new NotSupportedException();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
            throw new NotSupportedException();
    }
}
