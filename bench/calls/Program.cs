using Baton;
using Baton.Calls;

if (args is not ([] or ["--quick"]))
{
    Console.Error.WriteLine("Usage: calls [--quick]   a few seconds with --quick, else a minute");
    return 2;
}

var (rounds, calls) = args.Length > 0 ? (20, 500) : (60, 2000);
using var peer = new Peer();
using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
var token = ctx.Done;
Pair[] pairs =
[
    new(
        "with a context",
        new Kind("GetAsync(url, token)", Kind.Bare(), client => client.GetAsync(peer.Address, token)),
        new Kind("GetAsync(ctx, url)", Kind.WithBaton(), client => client.GetAsync(ctx, peer.Address))),
    new(
        "with a context, answer streamed",
        new Kind("GetAsync(url, ResponseHeadersRead, token)", Kind.Bare(), client => client.GetAsync(peer.Address, HttpCompletionOption.ResponseHeadersRead, token)),
        new Kind("GetAsync(ctx, url, ResponseHeadersRead)", Kind.WithBaton(), client => client.GetAsync(ctx, peer.Address, HttpCompletionOption.ResponseHeadersRead))),
    new(
        "without a context",
        new Kind("GetAsync(url)", Kind.Bare(), client => client.GetAsync(peer.Address)),
        new Kind("GetAsync(url)", Kind.WithBaton(), client => client.GetAsync(peer.Address))),
];
Console.WriteLine($"{Environment.ProcessorCount} cores; {rounds} rounds of {calls} calls each, HTTP/1.1 over loopback, one after another, in turns.");
Console.WriteLine();
Console.WriteLine($"{"",-34}{"bare",10}{"Baton",10}{"ratio",8}{"bare",9}{"Baton",9}{"more",8}");
foreach (var pair in pairs)
{
    using (pair)
    {
        Console.WriteLine(await pair.MeasureAsync(rounds, calls));
    }
}

return 0;
