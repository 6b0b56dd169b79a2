namespace Baton.Conformance;

/// <summary>What a program has made so far, to check what its steps refer to.</summary>
internal sealed class TraceObjects
{
    private readonly List<(bool IsContext, bool IsCancelable)> _made = [];

    /// <summary>Takes note of what an operation makes, and checks that it has the next number.</summary>
    internal int Add(TraceElement operation, bool isContext, bool isCancelable = false)
    {
        var id = operation.Integer("id");
        if (id != _made.Count)
        {
            throw operation.Error($"the next object is {_made.Count}, not {id}");
        }

        _made.Add((isContext, isCancelable));
        return id;
    }

    /// <summary>The parent, a context made before the operation's own object.</summary>
    internal int Parent(TraceElement operation)
    {
        var parent = operation.Integer("parent");
        return parent == _made.Count - 1
            ? throw operation.Error($"object {parent} cannot be its own parent")
            : Known(operation, parent, isContext: true);
    }

    internal int Known(TraceElement place, int id, bool isContext)
    {
        if (id < 0 || id >= _made.Count)
        {
            throw place.Error($"there is no object {id} yet");
        }

        return _made[id].IsContext == isContext
            ? id
            : throw place.Error($"object {id} is no {(isContext ? "context" : "registration")}");
    }

    internal int Cancelable(TraceElement operation)
    {
        var id = Known(operation, operation.Integer("id"), isContext: true);
        return _made[id].IsCancelable ? id : throw operation.Error($"context {id} cannot be canceled");
    }
}
