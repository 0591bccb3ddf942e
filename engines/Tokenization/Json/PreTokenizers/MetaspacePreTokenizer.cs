namespace RagPlatform.Tokenization.Json.PreTokenizers;

/// <summary>When SentencePiece's mark for a space is put before a text that does not begin with one.</summary>
internal enum PrependScheme
{
    Never,

    /// <summary>Before the first part of the input only.</summary>
    First,
    Always,
}

/// <summary>SentencePiece's spaces: a visible mark in their place (Kudo and Richardson 2018, arXiv:1808.06226).</summary>
/// <param name="split">A word begins at every mark.</param>
internal sealed class MetaspacePreTokenizer(string mark, PrependScheme prepend, bool split) : IPreTokenizer
{
    public void Split(AlignedText text, List<AlignedText> words)
    {
        var marked = new AlignedBuilder(text.Length + 1);
        var isFirst = text.Length > 0 && text.StartOf(0) == 0;
        if (text.Length > 0 && text.Characters[0] != ' ' && !text.Characters.StartsWith(mark, StringComparison.Ordinal)
            && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && isFirst)))
        {
            marked.Append(mark, text.StartOf(0), text.StartOf(0));
        }

        for (var i = 0; i < text.Length; i++)
        {
            marked.Append(text.Characters[i] == ' ' ? mark : text.Characters.Slice(i, 1), text.StartOf(i), text.EndOf(i));
        }

        var whole = marked.ToText();
        var start = 0;
        for (var i = 1; split && i < whole.Length; i++)
        {
            if (whole.Characters[i..].StartsWith(mark, StringComparison.Ordinal))
            {
                words.Add(whole.Slice(start, i - start));
                start = i;
            }
        }

        words.Add(whole.Slice(start, whole.Length - start));
    }
}
