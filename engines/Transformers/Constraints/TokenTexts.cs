namespace RagPlatform.Transformers.Constraints;

/// <summary>
/// A vocabulary's tokens as bytes, in their order, so that those with a common beginning are looked at once.
/// Immutable; made once for a vocabulary.
/// </summary>
public sealed class TokenTexts
{
    private readonly int[] _ids;
    private readonly byte[][] _texts;
    private readonly byte[][] _byId;

    /// <summary>How many bytes each has in common with the one before it.</summary>
    private readonly int[] _shared;

    /// <param name="byId">The bytes of each token; those that stand for no text, such as special ones, are empty or null.</param>
    public TokenTexts(IReadOnlyList<byte[]?> byId)
    {
        ArgumentNullException.ThrowIfNull(byId);
        _byId = [.. byId.Select(text => text ?? [])];
        _ids = [.. Enumerable.Range(0, _byId.Length).Where(id => _byId[id].Length > 0)];
        Array.Sort(_ids, (left, right) => _byId[left].AsSpan().SequenceCompareTo(_byId[right]));
        _texts = [.. _ids.Select(id => _byId[id])];
        _shared = new int[_ids.Length];
        for (var i = 1; i < _ids.Length; i++)
        {
            _shared[i] = _texts[i - 1].AsSpan().CommonPrefixLength(_texts[i]);
        }
    }

    public int VocabularySize => _byId.Length;

    /// <summary>Empty for a token that stands for no text.</summary>
    internal ReadOnlySpan<byte> this[int id] => (uint)id < (uint)_byId.Length ? _byId[id] : [];

    /// <summary>The tokens that may come next, one bit each.</summary>
    internal ulong[] Allowed(GrammarStates states, GrammarState from)
    {
        var allowed = new ulong[(VocabularySize + 63) / 64];
        var path = new List<GrammarState> { from };
        for (var i = 0; i < _ids.Length; i++)
        {
            // path[n] is the state after the first n bytes of the token before; what is shared need not be walked again.
            var depth = Math.Min(path.Count - 1, _shared[i]);
            path.RemoveRange(depth + 1, path.Count - depth - 1);
            if (path[depth].IsDead)
            {
                continue;
            }

            var text = _texts[i];
            while (depth < text.Length && !path[depth].IsDead)
            {
                path.Add(states.Step(path[depth], text[depth]));
                depth++;
            }

            if (depth == text.Length && !path[depth].IsDead)
            {
                allowed[_ids[i] >> 6] |= 1UL << (_ids[i] & 63);
            }
        }

        return allowed;
    }
}
