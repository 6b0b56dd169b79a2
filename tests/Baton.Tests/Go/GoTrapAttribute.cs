namespace Baton.Tests.Go;

/// <summary>Names the traps that this test guards against, by the numbers in behaviours.md.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GoTrapAttribute(params int[] numbers) : Attribute
{
    internal IReadOnlyList<int> Numbers => numbers;
}
