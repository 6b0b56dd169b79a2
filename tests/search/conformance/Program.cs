using Baton.Conformance;

const int Shown = 20;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: conformance FILE…   each FILE .jsonl or .jsonl.gz, one program a line");
    return 2;
}

var passed = 0;
var failed = 0;
var mismatches = 0;
try
{
    foreach (var program in args.SelectMany(TraceReader.ReadFile))
    {
        var found = Replay.Run(program);
        foreach (var mismatch in found)
        {
            if (++mismatches <= Shown)
            {
                Console.WriteLine(mismatch);
            }
        }

        _ = found.Count == 0 ? passed++ : failed++;
    }
}
catch (Exception e) when (e is TraceFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

if (passed + failed == 0)
{
    Console.Error.WriteLine($"There is no program in {string.Join(", ", args)}.");
    return 2;
}

if (mismatches > Shown)
{
    Console.WriteLine($"and {mismatches - Shown} more mismatches");
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
