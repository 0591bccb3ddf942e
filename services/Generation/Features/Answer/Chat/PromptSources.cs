using RagPlatform.Generation.Features.Answer.Verification;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>What of a source the model reads: its stored text.</summary>
internal sealed record PromptSource(int Number, string Text);

/// <summary>Fits the sources to the prompt's budget: best first, what overlaps a better one left out, none cut in its middle.</summary>
internal static class PromptSources
{
    /// <param name="maxCharacters">Of all texts together. The best source is cut to it if it alone is longer; others are left out.</param>
    public static List<PromptSource> Fit(IReadOnlyList<Source> sources, StoredSources stored, int maxCharacters)
    {
        var chosen = new List<PromptSource>();
        var kept = new List<Source>();
        var left = maxCharacters;
        foreach (var source in sources)
        {
            if (stored.TextOf(source.Number) is not { } text || kept.Exists(other => MostlyCovers(other, source)))
            {
                continue;
            }

            if (text.Length > left && chosen.Count > 0)
            {
                continue;
            }

            var fitting = text.Length <= left ? text : text[..left];
            chosen.Add(new PromptSource(source.Number, fitting));
            kept.Add(source);
            left -= fitting.Length;
        }

        return chosen;
    }

    private static bool MostlyCovers(Source other, Source source)
    {
        if (other.Text == source.Text)
        {
            return true;
        }

        var shared = Math.Min(other.End, source.End) - Math.Max(other.Start, source.Start);
        return other.DocumentId == source.DocumentId && other.Version == source.Version && shared * 2 > source.End - source.Start;
    }
}
