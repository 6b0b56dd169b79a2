using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>A request's features, for what runs on every request.</summary>
/// <remarks>
/// By the indexer, and inlined so that the type is a constant: the generic members of the collection are
/// generic and virtual at once, which costs more than what they do. Nor is what is found cast: Kestrel
/// has done that when it was put there, and the class that stands under most of these types has forty
/// interfaces for a cast to go through.
/// </remarks>
internal static class FeatureSlots
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T? Find<T>(this IFeatureCollection features)
        where T : class => Unsafe.As<T?>(features[typeof(T)]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(this IFeatureCollection features, T? feature)
        where T : class => features[typeof(T)] = feature;
}
