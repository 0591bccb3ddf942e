using System.Collections.Frozen;

namespace RagPlatform.Documents;

/// <param name="Index">From 0, of all words.</param>
/// <param name="Languages">A bit for each of <see cref="LanguageProfile.All"/>.</param>
internal readonly record struct CommonWord(int Index, long Languages);

/// <summary>The commonest words of all languages, each with the languages that have it: one look tells all.</summary>
internal static class CommonWords
{
    private static readonly FrozenDictionary<string, CommonWord> Words = LanguageProfile.All
        .SelectMany((profile, language) => profile.Words.Select(word => (word, language)))
        .GroupBy(entry => entry.word, StringComparer.Ordinal)
        .Select((group, index) => (group.Key, Word: new CommonWord(index, group.Aggregate(0L, (languages, entry) => languages | (1L << entry.language)))))
        .ToFrozenDictionary(entry => entry.Key, entry => entry.Word, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CommonWord>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static int Count => Words.Count;

    /// <summary>Of the longest.</summary>
    public static int MaxCharacters { get; } = Words.Keys.Max(word => word.Length);

    /// <param name="word">In any case.</param>
    /// <param name="buffer">Of <see cref="MaxCharacters"/>.</param>
    public static CommonWord? Find(ReadOnlySpan<char> word, Span<char> buffer)
    {
        if (word.Length > MaxCharacters)
        {
            return null;
        }

        var characters = word.ToLowerInvariant(buffer);
        return characters == word.Length && Lookup.TryGetValue(buffer[..characters], out var common) ? common : null;
    }
}
