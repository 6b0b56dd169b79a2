using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

// How the children of a context are read while requests go on: a few at a time.
public abstract partial class CancelableContext
{
    /// <summary>
    /// How many children are read under one lock. A thread that derives a child waits no longer than that takes: a
    /// microsecond or two.
    /// </summary>
    internal const int ReadAtOnce = 32;

    /// <summary>Reads the children that hang on the context, newest first, stripe by stripe.</summary>
    /// <remarks>
    /// Children may come and go meanwhile. A child that hangs here for the whole of the call is read once; of the
    /// others, some are. A context that ends meanwhile gives no more children.
    /// </remarks>
    /// <param name="children">What the children are added to.</param>
    /// <param name="limit">How many are added. The rest is counted.</param>
    /// <returns>How many children there are, those that were added included.</returns>
    internal int ReadChildren(List<CancelableContext> children, int limit)
    {
        var count = 0;
        var piece = new CancelableContext[ReadAtOnce];
        for (var list = 0; list <= Stripes.Length; list++)
        {
            var place = new Place(this, list);
            while (place.ReadNext(piece) is > 0 and var read)
            {
                foreach (var child in piece.AsSpan(0, read))
                {
                    if (count++ < limit)
                    {
                        children.Add(child);
                    }
                }
            }
        }

        return count;
    }

    /// <summary>
    /// A place among the children of a context. Between two looks it hangs in the list like a child, so the list may
    /// change around it.
    /// </summary>
    [JsonConverter(typeof(ContextJsonConverter))]
    private sealed class Place : CancelableContext
    {
        private readonly CancelableContext _owner;
        private bool _hasBegun, _isLinked;

        /// <param name="owner">The context whose children are read.</param>
        /// <param name="list">The stripe, counted from one; zero for the context's own list.</param>
        internal Place(CancelableContext owner, int list)
            : base(parent: null) => (_owner, _stripe) = (owner, (short)list);

        internal override DeadlineContext? Due => null;

        internal override void AppendTo(StringBuilder text) => text.Append("Place");

        /// <summary>Reads the next children, and stays before the one that follows them.</summary>
        /// <returns>How many were read: zero when there are no more.</returns>
        internal int ReadNext(CancelableContext[] piece)
        {
            var stripe = _stripe == 0 ? null : _owner.Stripes[_stripe - 1];
            if ((_hasBegun && !_isLinked) || !(stripe?.EnterOpen() ?? _owner.EnterLive()))
            {
                // Read to the end, or closed: the cancellation that closed the list has taken this place along.
                _isLinked = false;
                return 0;
            }

            var read = stripe is null
                ? Read(ref _owner._children, piece)
                : Read(ref stripe.Children, piece);
            if (stripe is null)
            {
                _owner.Exit();
            }
            else
            {
                stripe.Exit();
            }

            return read;
        }

        private int Read(ref CancelableContext? first, CancelableContext[] piece)
        {
            var child = _hasBegun ? _next : first;
            _hasBegun = true;
            var read = 0;
            for (; child is not null && read < piece.Length; child = child._next)
            {
                // The place of another reader is no child.
                if (child is not Place)
                {
                    piece[read++] = child;
                }
            }

            if (_isLinked)
            {
                Unlink(this, ref first);
            }

            _isLinked = child is not null;
            if (child is not null)
            {
                LinkBefore(child, ref first);
            }

            return read;
        }

        private void LinkBefore(CancelableContext child, ref CancelableContext? first)
        {
            (_next, _previous) = (child, child._previous);
            if (child._previous is { } previous)
            {
                previous._next = this;
            }
            else
            {
                first = this;
            }

            child._previous = this;
        }
    }
}
