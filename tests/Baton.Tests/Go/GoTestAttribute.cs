namespace Baton.Tests.Go;

/// <summary>Names the tests of Go that this test corresponds to, by the numbers in behaviours.md.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GoTestAttribute(params int[] numbers) : Attribute
{
    internal IReadOnlyList<int> Numbers => numbers;
}
