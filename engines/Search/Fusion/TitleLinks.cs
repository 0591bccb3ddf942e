using System.Text;

namespace RagPlatform.Search.Fusion;

/// <summary>
/// For questions whose answer takes two documents: where the text of one of the best hits mentions the title of another
/// candidate's document, that candidate rises by a share of its distance to the hit, which it therefore never overtakes.
/// </summary>
public sealed class TitleLinks : IReranker
{
    /// <summary>Shorter ones are words that occur anywhere.</summary>
    private const int MinTitleCharacters = 4;

    /// <inheritdoc/>
    public int Depth { get; init; } = 100;

    /// <summary>Whose text is read for titles.</summary>
    public int LinkingHits { get; init; } = 5;

    /// <summary>Of the distance to the hit that mentions it, 0 to 1.</summary>
    public double Share { get; init; } = 0.7;

    public void Rescore(SearchQuery query, ReadOnlySpan<Candidate> best, ICandidateReader reader, Span<double> changes)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var titles = new string[best.Length];
        for (var i = 0; i < titles.Length; i++)
        {
            titles[i] = Mentionable(reader.Title(best[i].Row));
        }

        for (var hit = 0; hit < Math.Min(LinkingHits, best.Length); hit++)
        {
            var text = reader.Text(best[hit].Row);
            for (var i = hit + 1; i < best.Length; i++)
            {
                var bonus = Share * (best[hit].Score - best[i].Score);
                if (bonus > changes[i] && titles[i].Length > 0 && titles[i] != titles[hit] && Mentions(text, titles[i]))
                {
                    changes[i] = bonus;
                }
            }
        }
    }

    /// <summary>
    /// The title as running text has it: without what encyclopedias add in parentheses to tell namesakes apart. Empty if it
    /// is no name: one of small letters alone, such as a file's, is a word that texts have anyway.
    /// </summary>
    private static string Mentionable(string title)
    {
        var parenthesis = title.EndsWith(')') ? title.LastIndexOf('(') : -1;
        var mentioned = (parenthesis > 0 ? title[..parenthesis] : title).Trim();
        return mentioned.Length >= MinTitleCharacters && mentioned.Any(c => char.IsLetterOrDigit(c) && !char.IsLower(c)) ? mentioned : "";
    }

    /// <summary>As whole words, written the same.</summary>
    private static bool Mentions(string text, string title)
    {
        for (var at = text.IndexOf(title, StringComparison.Ordinal); at >= 0; at = text.IndexOf(title, at + 1, StringComparison.Ordinal))
        {
            var end = at + title.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }
}
