namespace Baton;

/// <summary>
/// Marks a type that is made for one call and may hold its <see cref="Context"/> in a field.
/// </summary>
/// <remarks>
/// For parameter objects, and for services whose scope is the request. The rule against stored contexts
/// (BTN003) then does not report the type. The attribute changes nothing at run time.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class ContextCarrierAttribute : Attribute;
