using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>Tells what takes work, or an object, out of the method that hands it over.</summary>
internal sealed class Background(KnownSymbols known)
{
    private readonly INamedTypeSymbol? _task = known.Task;
    private readonly INamedTypeSymbol? _taskFactory = known.Find("System.Threading.Tasks.TaskFactory");
    private readonly INamedTypeSymbol? _thread = known.Find("System.Threading.Thread");
    private readonly INamedTypeSymbol? _threadPool = known.Find("System.Threading.ThreadPool");
    private readonly INamedTypeSymbol? _timer = known.Find("System.Threading.Timer");
    private readonly INamedTypeSymbol? _timeProvider = known.Find("System.TimeProvider");
    private readonly INamedTypeSymbol? _channelWriter =
        known.Find("System.Threading.Channels.ChannelWriter`1");

    /// <summary>
    /// What the argument is handed to, in words, if it may go on after the method; else null.
    /// </summary>
    internal string? Of(IArgumentOperation argument) => argument.Parent switch
    {
        IInvocationOperation call => OfCall(call, argument),
        IObjectCreationOperation creation => OfCreation(creation, argument),
        _ => null,
    };

    private string? OfCall(IInvocationOperation call, IArgumentOperation argument)
    {
        var method = call.TargetMethod;
        var type = method.ContainingType;
        if (type.IsSame(_threadPool) && method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem")
        {
            return "the callback given to the thread pool";
        }

        if (type.IsSame(_timeProvider) && method.Name == "CreateTimer")
        {
            return TaskFate.IsForgotten(call) ? "the timer" : null;
        }

        if (method.Name is "OnCompleted" or "OnStarting" && type.IsSame(known.HttpResponse))
        {
            return $"the callback of '{method.Name}'";
        }

        if (IsQueueing(method, type))
        {
            return IsLocalQueue(call) ? null : $"what '{method.Name}' puts into a queue";
        }

        if ((type.IsSame(_task) && method.Name == "Run")
            || (type.IsSame(_taskFactory) && method.Name == "StartNew"))
        {
            return !known.IsToken(argument.Parameter?.Type) && TaskFate.IsForgotten(call)
                ? $"the task given to '{type.Name}.{method.Name}'" : null;
        }

        return type.IsSame(_thread) && method.Name is "Start" or "UnsafeStart" && call.Instance is { } thread
            && (thread is not ILocalReferenceOperation local || !IsJoined(local))
                ? "the thread" : null;
    }

    private string? OfCreation(IObjectCreationOperation creation, IArgumentOperation argument)
    {
        if (creation.Type.IsSame(_timer))
        {
            return TaskFate.IsForgotten(creation) ? "the timer" : null;
        }

        if (creation.Type.IsSame(_thread))
        {
            return TaskFate.IsForgotten(creation) ? "the thread" : null;
        }

        return creation.Type.IsSame(_task) && !known.IsToken(argument.Parameter?.Type)
            && TaskFate.IsForgotten(creation) ? "the task" : null;
    }

    private bool IsQueueing(IMethodSymbol method, INamedTypeSymbol type) => method.Name switch
    {
        "TryWrite" or "WriteAsync" => type.OriginalDefinition.IsOrDerivesFrom(_channelWriter),
        "Add" or "TryAdd" =>
            type.Name is "BlockingCollection" or "ConcurrentBag" or "IProducerConsumerCollection",
        "Push" or "PushRange" => type.Name is "ConcurrentStack" or "Stack",
        "Post" or "SendAsync" =>
            type.ContainingNamespace?.ToDisplayString() == "System.Threading.Tasks.Dataflow",
        var name => StartsWithWord(name, "Enqueue") || StartsWithWord(name, "TryEnqueue")
            || StartsWithWord(name, "Queue"),
    };

    private static bool StartsWithWord(string name, string word) =>
        name.StartsWith(word, StringComparison.Ordinal)
        && (name.Length == word.Length || !char.IsLower(name[word.Length]));

    // A queue that the method itself made, to walk a tree or to feed its own workers, ends with it.
    private static bool IsLocalQueue(IInvocationOperation call)
    {
        var receiver = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        while (receiver is IPropertyReferenceOperation { Instance: { } owner }
            || receiver is IConversionOperation)
        {
            receiver = receiver is IConversionOperation conversion
                ? conversion.Operand : ((IPropertyReferenceOperation)receiver).Instance;
        }

        return receiver is ILocalReferenceOperation local && Derivations.RootOf(call).Descendants().Any(one =>
            one is IVariableDeclaratorOperation { Initializer.Value: { } value } declarator
                && declarator.Symbol.IsSame(local.Local)
            && Derivations.WithoutConversions(value)
                is IObjectCreationOperation or ICollectionExpressionOperation
                or IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType.Name: "Channel" } });
    }

    private static bool IsJoined(ILocalReferenceOperation thread) =>
        Derivations.RootOf(thread).Descendants().Any(one =>
        one is IInvocationOperation { TargetMethod.Name: "Join", Instance: ILocalReferenceOperation joined }
        && joined.Local.IsSame(thread.Local));
}
