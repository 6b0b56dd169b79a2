namespace Baton.Grpc.Tests;

/// <summary>
/// The tests of this collection run one after the other. A listener of activities is one for the whole process:
/// while one test listens, the requests of every other test carry a <c>traceparent</c>, so a recording that is
/// compared with another would differ by it.
/// </summary>
[CollectionDefinition(nameof(Tracing))]
public sealed class Tracing;
