using System.Text;
using RagPlatform.Bench.Load.Ingest;

namespace RagPlatform.Bench.Load.Update;

/// <summary>One Markdown document of so many pages, put together from the documents of a file as chapters.</summary>
internal sealed class LongDocument
{
    /// <summary>About 500 words.</summary>
    private const int PageCharacters = 3000;

    public LongDocument(LoadDocuments documents, int pages)
    {
        var text = new StringBuilder("# Handbook\n\n");
        foreach (var document in documents.Sample(documents.Count).Where(document => document.ContentType == "text/markdown"))
        {
            if (text.Length >= pages * PageCharacters)
            {
                break;
            }

            text.Append("# ").Append(document.Title.ReplaceLineEndings(" ")).Append("\n\n").Append(document.Text).Append("\n\n");
        }

        Text = text.ToString();
        Pages = Text.Length / PageCharacters;
    }

    public string Text { get; }

    public int Pages { get; }

    /// <summary>With another word in the place of the first one of at least five letters behind a part of the text.</summary>
    /// <param name="part">0 to 1.</param>
    /// <param name="word">Its replacement.</param>
    public string WithWord(double part, string word)
    {
        var start = (int)(part * Text.Length);
        while (!IsWord(start))
        {
            start++;
        }

        var end = start;
        while (char.IsAsciiLetter(Text[end]))
        {
            end++;
        }

        return string.Concat(Text.AsSpan(0, start), word, Text.AsSpan(end));
    }

    /// <summary>In running text: a word between two others, all of letters.</summary>
    private bool IsWord(int start) =>
        start > 1 && Text[start - 1] == ' ' && char.IsAsciiLetterLower(Text[start - 2])
        && Text.AsSpan(start, 5).IndexOfAnyExceptInRange('a', 'z') < 0
        && Text.AsSpan(start).IndexOf(' ') is >= 5 and < 20 and var length && Text.AsSpan(start, length).IndexOfAnyExceptInRange('a', 'z') < 0;
}
