namespace Baton;

/// <summary>Marks a type as request data, which a context may carry as a value.</summary>
/// <remarks>
/// The rule about what is no request data (BTN202) then has nothing to say about the type. It changes nothing
/// at run time.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Delegate,
    Inherited = false)]
public sealed class ContextValueAttribute : Attribute;
