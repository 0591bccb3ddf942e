using System.Buffers.Binary;
using System.Security.Cryptography;
using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Splitting;

/// <summary>Examples that stay together.</summary>
/// <param name="Examples">Their places, ascending.</param>
/// <param name="Label">The most frequent of them; empty where labels do not matter.</param>
/// <param name="Order">Random, by the seed and the contents: the units' order.</param>
internal sealed record SplitUnit(IReadOnlyList<int> Examples, string Label, UInt128 Order)
{
    /// <summary>By label, then in random order.</summary>
    public static IReadOnlyList<SplitUnit> Of(ExampleSet set, ExampleClusters clusters, LabelField? labels, ulong seed)
    {
        var sets = new DisjointSets(set.Examples.Count);
        var groups = new Dictionary<string, int>();
        for (var i = 0; i < set.Examples.Count; i++)
        {
            sets.Join(i, clusters.Sets.Find(i));
            var group = set.Examples[i].Group;
            if (group.Length > 0 && !groups.TryAdd(group, i))
            {
                sets.Join(i, groups[group]);
            }
        }

        return
        [
            .. Enumerable.Range(0, set.Examples.Count)
                .GroupBy(sets.Find)
                .Select(members => Of([.. members], set, labels, seed))
                .OrderBy(unit => unit.Label, StringComparer.Ordinal).ThenBy(unit => unit.Order),
        ];
    }

    private static SplitUnit Of(int[] members, ExampleSet set, LabelField? labels, ulong seed)
    {
        var label = labels is null
            ? ""
            : members.GroupBy(i => labels.Labels[i] ?? "").OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal).First().Key;
        return new SplitUnit(members, label, OrderOf(members.Min(i => set.Keys[i].Whole), seed));
    }

    private static UInt128 OrderOf(UInt128 content, ulong seed)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, seed);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], content);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
