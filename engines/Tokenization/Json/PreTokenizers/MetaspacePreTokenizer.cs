using RagPlatform.Tokenization.Json.Normalizers;

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
    private readonly ReplaceNormalizer _marks = new(TextPattern.Literal(" "), mark);

    public void Split(AlignedText text, List<AlignedText> words)
    {
        var isFirst = text.Length > 0 && text.StartOf(0) == 0;
        var isPrepended = text.Length > 0 && text.Characters[0] != ' ' && !text.Characters.StartsWith(mark, StringComparison.Ordinal)
            && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && isFirst));
        var whole = _marks.Normalize(text);
        whole = isPrepended ? whole.WithPrefix(mark) : whole;
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
