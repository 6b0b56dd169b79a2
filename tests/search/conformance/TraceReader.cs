using System.IO.Compression;
using System.Text.Json;

namespace Baton.Conformance;

/// <summary>A line that is no program. The message says why.</summary>
internal sealed class TraceFormatException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>Reads programs, one a line.</summary>
internal static class TraceReader
{
    /// <summary>Reads a file, <c>.jsonl</c> or <c>.jsonl.gz</c>. Blank lines are passed over.</summary>
    /// <exception cref="TraceFormatException">
    /// A line is no program; the message has the file and the line.
    /// </exception>
    internal static IEnumerable<TraceProgram> ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var lines = new StreamReader(content);
        for (var number = 1; NextLine(lines, $"{path}:{number}") is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return ReadLine(line, $"{path}:{number}");
            }
        }
    }

    private static string? NextLine(StreamReader lines, string place)
    {
        try
        {
            return lines.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw new TraceFormatException($"{place}: not gzip: {e.Message}", e);
        }
    }

    /// <summary>Reads one program.</summary>
    /// <exception cref="TraceFormatException">
    /// It is none; the message begins with <paramref name="place"/>.
    /// </exception>
    internal static TraceProgram ReadLine(string line, string place)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return ReadProgram(new TraceElement(json.RootElement, "the program"));
        }
        catch (JsonException e)
        {
            throw new TraceFormatException($"{place}: not JSON: {e.Message}", e);
        }
        catch (TraceFormatException e)
        {
            throw new TraceFormatException($"{place}: {e.Message}", e);
        }
    }

    private static TraceProgram ReadProgram(TraceElement program)
    {
        var objects = new TraceObjects();
        var steps = new List<TraceStep>();
        foreach (var step in program.Items("steps"))
        {
            steps.Add(ReadStep(step, objects));
        }

        return new TraceProgram(program.Text("name"), steps);
    }

    private static TraceStep ReadStep(TraceElement step, TraceObjects objects)
    {
        var operation = ReadOperation(step.Member("do"), objects);
        var isStop = operation.Name == "stop";
        if (step.Has("stopped") != isStop)
        {
            throw step.Error(
                isStop ? "a stop says what it returned in 'stopped'" : "only a stop has 'stopped'");
        }

        var changed = new List<TraceState>();
        foreach (var state in step.ItemsOrNone("changed"))
        {
            changed.Add(ReadState(state, objects));
        }

        var fired = new List<int>();
        foreach (var id in step.ItemsOrNone("fired"))
        {
            fired.Add(objects.Known(id, id.Integer(), isContext: false));
        }

        return new TraceStep(operation, isStop ? step.Boolean("stopped") : null, changed, fired);
    }

    private static TraceOperation ReadOperation(TraceElement operation, TraceObjects objects)
    {
        var name = operation.Text("op");
        return name switch
        {
            "background" or "todo" => new(name, objects.Add(operation, isContext: true)),
            "withCancel" or "withCancelCause" or "withoutCancel" =>
                new(name, objects.Add(operation, isContext: true, name != "withoutCancel"),
                    objects.Parent(operation)),
            "withDeadline" or "withTimeout" => ReadTimed(name, operation, objects),
            "withValue" => new(
                name,
                objects.Add(operation, isContext: true),
                objects.Parent(operation),
                Key: operation.OneOf("key", "a", "b", "c", "d"),
                Value: operation.Text("val")),
            "afterFunc" => new(name, objects.Add(operation, isContext: false), objects.Parent(operation)),
            "stop" => new(name, objects.Known(operation, operation.Integer("id"), isContext: false)),
            "cancel" => new(name, objects.Cancelable(operation), Cause: operation.TextOrNull("cause")),
            "advance" => ReadAdvance(operation),
            _ => throw operation.Error($"there is no operation '{name}'"),
        };
    }

    private static TraceOperation ReadTimed(string name, TraceElement operation, TraceObjects objects)
    {
        var milliseconds = operation.Milliseconds("ms");
        if (name == "withTimeout" && milliseconds == -1)
        {
            throw operation.Error("a timeout is never -1, which .NET takes for no timeout");
        }

        return new TraceOperation(
            name,
            objects.Add(operation, isContext: true, isCancelable: true),
            objects.Parent(operation),
            milliseconds,
            operation.TextOrNull("cause"));
    }

    private static TraceOperation ReadAdvance(TraceElement operation)
    {
        var milliseconds = operation.Milliseconds("ms");
        return milliseconds >= 0
            ? new TraceOperation("advance", -1, Milliseconds: milliseconds)
            : throw operation.Error($"the clock cannot go back by {-milliseconds} ms");
    }

    private static TraceState ReadState(TraceElement state, TraceObjects objects)
    {
        var values = state.Member("values");
        return new TraceState(
            objects.Known(state, state.Integer("id"), isContext: true),
            state.Text("err"),
            state.Text("cause"),
            state.NumberOrNull("deadline"),
            new ValueList(
                values.TextOrNull("a"), values.TextOrNull("b"), values.TextOrNull("c"),
                values.TextOrNull("d")));
    }
}
