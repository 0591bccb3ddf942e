using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>Hashes by which equal examples, prompts, inputs and outputs are found: the first 128 bits of SHA-256, so that nobody can make two collide.</summary>
/// <param name="Whole">Of all that is learnt from: equal examples.</param>
/// <param name="Prompt">Of tools and all messages before the answer, in letters as they are.</param>
/// <param name="Input">Of the normalised input: equal but for case and punctuation.</param>
/// <param name="Output">Of the answer, trimmed.</param>
internal readonly record struct ExampleKey(UInt128 Whole, UInt128 Prompt, UInt128 Input, UInt128 Output)
{
    public static ExampleKey[] Of(IReadOnlyList<TrainingExample> examples, IReadOnlyList<string> normalised, CancellationToken cancellationToken)
    {
        var keys = new ExampleKey[examples.Count];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < keys.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var example = examples[i];
            keys[i] = new ExampleKey(
                Hash(hash, PartsOfWhole(example)), Hash(hash, PartsOfPrompt(example)), Hash(hash, [normalised[i]]), Hash(hash, [ExampleText.Output(example).Trim()]));
        }

        return keys;
    }

    private static IEnumerable<string> PartsOfWhole(TrainingExample example) => example is PairExample pair
        ? [pair.Query, pair.Positive, .. pair.Negatives]
        : ((ChatExample)example).Messages.SelectMany(turn => new[] { turn.Role, turn.Content, turn.ToolCalls ?? "", turn.IsLearnt ? "1" : "0" })
            .Append(((ChatExample)example).Tools ?? "");

    private static IEnumerable<string> PartsOfPrompt(TrainingExample example) => example is PairExample pair
        ? [pair.Query.Trim()]
        : ExampleText.Asked((ChatExample)example).SelectMany(turn => new[] { turn.Role, turn.Content.Trim(), turn.ToolCalls ?? "" })
            .Append(((ChatExample)example).Tools ?? "");

    private static UInt128 Hash(IncrementalHash hash, IEnumerable<string> parts)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            // The length first, or "ab" and "c" would be "a" and "bc".
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
