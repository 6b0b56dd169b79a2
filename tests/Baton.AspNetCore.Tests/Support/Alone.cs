namespace Baton.AspNetCore.Tests;

/// <summary>For tests that count what the whole process holds: they run when no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
