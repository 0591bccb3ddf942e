using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Tokenization.Json.Normalizers;

/// <summary>
/// SentencePiece's compiled table of characters and what they become (google/sentencepiece, builder.cc "precompiled_charsmap"):
/// a 4-byte length, a double-array trie over UTF-8 bytes (Darts-clone) whose values are places in the rest, and the rest:
/// replacements in UTF-8, each ended by a zero byte. All little-endian. Every place that the trie can lead to is checked
/// when it is read.
/// </summary>
internal sealed class CharacterMap
{
    /// <summary>SentencePiece's own largest rule, nmt_nfkc_cf, has 0.2 MB.</summary>
    private const int MaxTrieBytes = 1024 * 1024;

    private const int MaxReplacementsBytes = 4 * 1024 * 1024;
    private const int LengthBytes = 4;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <exception cref="InvalidDataException">Damaged; the message says how.</exception>
    public CharacterMap(ReadOnlySpan<byte> data)
    {
        var trieBytes = data.Length < LengthBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (trieBytes == 0 || trieBytes % sizeof(uint) != 0 || trieBytes > MaxTrieBytes || trieBytes > data.Length - LengthBytes)
        {
            throw new InvalidDataException(
                $"has {data.Length} bytes and claims a trie of {trieBytes}; it must be a multiple of 4, fit, and be at most {MaxTrieBytes}");
        }

        var replacements = data[(LengthBytes + (int)trieBytes)..];
        if (replacements.Length > MaxReplacementsBytes || !Utf8.IsValid(replacements))
        {
            throw new InvalidDataException(
                $"has replacements of {replacements.Length} bytes; they must be UTF-8 of at most {MaxReplacementsBytes} bytes");
        }

        _units = MemoryMarshal.Cast<byte, uint>(data.Slice(LengthBytes, (int)trieBytes)).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(_units, _units);
        }

        _replacements = replacements.ToArray();
        RequireSound();
    }

    /// <summary>The replacement, in UTF-8, of the shortest key that the text begins with.</summary>
    public bool TryFind(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var node = Offset(_units[0]);
        foreach (var label in text)
        {
            if (label == 0 || !TryStep(ref node, label, out var place))
            {
                break;
            }

            if (place >= 0)
            {
                var rest = _replacements.AsSpan(place);
                var end = rest.IndexOf((byte)0);
                replacement = end < 0 ? rest : rest[..end];
                return true;
            }
        }

        replacement = default;
        return false;
    }

    /// <param name="place">Where in the replacements that of the key that ends here is; -1: none ends.</param>
    private bool TryStep(ref uint node, byte label, out int place)
    {
        place = -1;
        var at = node ^ label;
        if (at >= _units.Length || (_units[at] & 0x8000_00FF) != label)
        {
            return false;
        }

        node = at ^ Offset(_units[at]);
        if ((_units[at] & 0x100) != 0)
        {
            place = node < _units.Length ? (int)(_units[node] & 0x7FFF_FFFF) : int.MaxValue;
        }

        return true;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    /// <summary>Walks all keys. Keys share their ends, so every unit is entered once.</summary>
    private void RequireSound()
    {
        var entered = new bool[_units.Length];
        var open = new Stack<uint>([Offset(_units[0])]);
        while (open.TryPop(out var node))
        {
            for (var label = 1; label <= byte.MaxValue; label++)
            {
                var next = node;
                if (!TryStep(ref next, (byte)label, out var place) || entered[node ^ (uint)label])
                {
                    continue;
                }

                if (place > _replacements.Length || (place >= 0 && place < _replacements.Length && (_replacements[place] & 0xC0) == 0x80))
                {
                    throw new InvalidDataException($"has a key whose replacement is at byte {place} of {_replacements.Length}, where no character begins");
                }

                entered[node ^ (uint)label] = true;
                open.Push(next);
            }
        }
    }
}
