// A worker that calls a gRPC service and has no server of its own: WorkerTests starts it with the address of
// a service and a word, and it prints what the service returns for that word, and the assemblies that it
// needed.

using Baton;
using Baton.Worker;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddGrpcClient<Probe.ProbeClient>(client => client.Address = new Uri(args[0])).AddBatonInterceptor();
await using var provider = services.BuildServiceProvider();
var probe = provider.GetRequiredService<Probe.ProbeClient>();
using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(1));

var returned = await probe.UnaryAsync(new Note { Text = args[1] }, ctx.ToCallOptions());
Console.WriteLine($"returned: {returned.Text}");
foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
{
    Console.WriteLine($"loaded: {assembly.GetName().Name}");
}
