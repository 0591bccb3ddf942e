using System.Security.Cryptography;
using System.Text;
using RagPlatform.FineTuning.Retrieving.Batches;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>What a run depends on beside its seed and the model: a checkpoint of other pairs or settings is not gone on from.</summary>
internal static class PairIdentity
{
    /// <returns>SHA-256 over the texts in their order, which answers which, and the settings, hex.</returns>
    public static string Of(PairData data, IReadOnlyDictionary<string, string> settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var query = 0; query < data.Queries.Count; query++)
        {
            Add(data.Queries[query]);
        }
        for (var passage = 0; passage < data.Passages.Count; passage++)
        {
            Add(data.Passages[passage]);
        }
        foreach (var example in data.Training)
        {
            Add($"{example.Query} {example.Positive} {string.Join(' ', example.Negatives)}");
        }
        foreach (var (name, value) in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            Add($"{name}={value}");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
    }
}
