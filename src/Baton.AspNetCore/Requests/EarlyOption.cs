namespace Baton.AspNetCore;

/// <summary>The functions of <see cref="BatonOptions"/> that are asked before a request has its context.</summary>
internal enum EarlyOption : byte
{
    None,
    ConfigureContext,
    ShouldAcceptCallerDeadline,
}
