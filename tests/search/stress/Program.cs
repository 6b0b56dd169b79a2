using Baton.Stress;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

using var over = new ManualResetEventSlim();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    over.Set();
};
return StressRun.Run(options, over) ? 0 : 1;
