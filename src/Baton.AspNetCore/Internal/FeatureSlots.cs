using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>A request's features, for what runs on every request.</summary>
/// <remarks>
/// By the indexer, and inlined so that the type is a constant: the generic members of the collection are
/// generic and virtual at once, which costs more than what they do. Nor is what is found cast: a server's own
/// class stands under most of these types, and a cast goes through its forty interfaces. Whoever puts
/// something under a type that it is not gets an exception at the first call, instead of here.
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
