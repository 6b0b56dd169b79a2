namespace Baton.Tests.Go;

/// <summary>Says which of Go's own tests this one is the twin of, by the numbers in behaviours.md.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GoTestAttribute(params int[] numbers) : Attribute
{
    internal IReadOnlyList<int> Numbers => numbers;
}
