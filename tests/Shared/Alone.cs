namespace Baton.Tests;

/// <summary>
/// Tests that measure the memory of the whole process: they run after the others, one at a time, as what those hold
/// meanwhile would count.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
