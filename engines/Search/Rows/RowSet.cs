using System.Numerics;

namespace RagPlatform.Search;

/// <summary>A set of rows 0 to <see cref="Length"/> - 1, one bit each. Not synchronised; what is shared between threads must not change any more.</summary>
public sealed class RowSet
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _words;

    /// <param name="length">Rows that can be in the set, at least 0.</param>
    public RowSet(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _words = new ulong[(length + BitsPerWord - 1) / BitsPerWord];
    }

    private RowSet(int length, ulong[] words) => (Length, _words) = (length, words);

    public int Length { get; }

    /// <summary>Row r is bit r % 64 of word r / 64; bits from <see cref="Length"/> on are 0.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    public static RowSet All(int length)
    {
        var set = new RowSet(length);
        set._words.AsSpan().Fill(ulong.MaxValue);
        set.ClearTail();
        return set;
    }

    /// <exception cref="ArgumentException">The words are not those of a set of this length.</exception>
    public static RowSet FromWords(int length, ReadOnlySpan<ulong> words)
    {
        var set = new RowSet(length, words.ToArray());
        if (length < 0 || set._words.Length != (length + BitsPerWord - 1) / BitsPerWord || set.HasTail())
        {
            throw new ArgumentException($"{words.Length} words are not a set of {length} rows.", nameof(words));
        }

        return set;
    }

    public RowSet Copy() => new(Length, (ulong[])_words.Clone());

    public bool Contains(int row) => (_words[row / BitsPerWord] & (1UL << (row % BitsPerWord))) != 0;

    /// <exception cref="ArgumentOutOfRangeException">There is no such row; who searches a set reads memory by its rows.</exception>
    public void Add(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Length, nameof(row));
        _words[row / BitsPerWord] |= 1UL << (row % BitsPerWord);
    }

    public void Remove(int row) => _words[row / BitsPerWord] &= ~(1UL << (row % BitsPerWord));

    public int Count()
    {
        var count = 0;
        foreach (var word in _words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Keeps what is in both sets.</summary>
    /// <exception cref="ArgumentException">The other set is of another length.</exception>
    public void IntersectWith(RowSet other)
    {
        CheckLength(other);
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= other._words[i];
        }
    }

    /// <exception cref="ArgumentException">The other set is of another length.</exception>
    public void UnionWith(RowSet other)
    {
        CheckLength(other);
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    /// <exception cref="ArgumentException">The other set is of another length.</exception>
    public void ExceptWith(RowSet other)
    {
        CheckLength(other);
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= ~other._words[i];
        }
    }

    /// <summary>The rows, ascending.</summary>
    public Enumerator GetEnumerator() => new(_words);

    private void CheckLength(RowSet other)
    {
        if (other.Length != Length)
        {
            throw new ArgumentException($"The other set is of {other.Length} rows, this one of {Length}.", nameof(other));
        }
    }

    private void ClearTail()
    {
        if (Length % BitsPerWord is var used && used > 0)
        {
            _words[^1] &= (1UL << used) - 1;
        }
    }

    private bool HasTail() => Length % BitsPerWord is var used && used > 0 && _words[^1] >> used != 0;

    /// <summary>Must not outlive a change of the set.</summary>
    public ref struct Enumerator(ReadOnlySpan<ulong> words)
    {
        private readonly ReadOnlySpan<ulong> _words = words;
        private ulong _rest = 0;
        private int _word = -1;

        public int Current { get; private set; } = -1;

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word >= _words.Length)
                {
                    return false;
                }

                _rest = _words[_word];
            }

            Current = (_word * BitsPerWord) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
