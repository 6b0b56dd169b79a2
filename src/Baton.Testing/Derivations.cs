using System.Diagnostics;

namespace Baton.Testing;

/// <summary>The contexts that are derived below one, with the lines that derive them.</summary>
[ContextCarrier]
internal sealed class Derivations : IDisposable
{
    /// <summary>The libraries whose own frames say nothing to the reader of a message.</summary>
    private static readonly string[] s_own =
    [
        "Baton", "Baton.AspNetCore", "Baton.Data", "Baton.EntityFrameworkCore", "Baton.Grpc", "Baton.Grpc.AspNetCore",
        "Baton.Http", "Baton.Orleans", "Baton.Testing",
    ];

    private static readonly Lock s_lock = new();
    private static Derivations[] s_all = [];

    private readonly Lock _lock = new();
    private readonly List<Derived> _made = [];
    private readonly Context _top;

    internal Derivations(Context top)
    {
        _top = top;
        lock (s_lock)
        {
            s_all = [.. s_all, this];
            CoreInternals.OnMade = Note;
        }
    }

    internal List<Derived> Live()
    {
        lock (_lock)
        {
            return [.. _made.Where(static one => !one.Context.IsDone)];
        }
    }

    public void Dispose()
    {
        lock (s_lock)
        {
            s_all = [.. s_all.Where(one => one != this)];
            if (s_all.Length == 0)
            {
                CoreInternals.OnMade = null;
            }
        }
    }

    private static void Note(CancelableContext made)
    {
        foreach (var one in Volatile.Read(ref s_all))
        {
            // The test's own context is noted nowhere: it is the test that ends it.
            if (CoreInternals.DescendsFrom(made, one._top))
            {
                one.Add(new Derived(made, Line()));
            }
        }
    }

    /// <summary>The first line that is not a library's, which has called for the context.</summary>
    private static string Line()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method
                && !s_own.Contains(method.DeclaringAssemblyName.Split(',')[0])
                && !method.DeclaringAssemblyName.StartsWith("System.", StringComparison.Ordinal))
            {
                var file = frame.GetFileName() is { } name ? $" in {name}:line {frame.GetFileLineNumber()}" : "";
                return $"derived at {method.DeclaringTypeName}.{method.Name}{file}";
            }
        }

        return "derived by a library";
    }

    private void Add(Derived derived)
    {
        lock (_lock)
        {
            _made.Add(derived);
        }
    }

    [ContextCarrier]
    internal sealed record Derived(Context Context, string Line);
}
