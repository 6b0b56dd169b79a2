namespace Baton;

/// <summary>Marks a type as request data, which a context may carry as a value.</summary>
/// <remarks>
/// The rule against values that are no request data (BTN202) then does not report the type. The attribute
/// changes nothing at run time.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Delegate,
    Inherited = false)]
public sealed class ContextValueAttribute : Attribute;
