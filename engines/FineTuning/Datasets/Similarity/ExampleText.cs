using System.Globalization;
using System.Text;

namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>What of an example is asked and what is answered.</summary>
internal static class ExampleText
{
    /// <summary>
    /// What is compared between examples: a query, or all but system messages before the last learnt answer; the answer where
    /// nothing else was said. System messages are mostly the same everywhere and would make all examples alike.
    /// </summary>
    public static string Input(TrainingExample example)
    {
        if (example is PairExample pair)
        {
            return pair.Query;
        }

        var turns = Asked((ChatExample)example).Where(turn => turn.Role != "system").ToList();
        return turns.Count == 0 ? Output(example)
            : turns.Count == 1 && turns[0].ToolCalls is null ? turns[0].Content : string.Join('\n', turns.Select(turn => turn.Content + turn.ToolCalls));
    }

    /// <summary>The last learnt answer, its tool calls included; a pair's positive passage.</summary>
    public static string Output(TrainingExample example)
    {
        if (example is PairExample pair)
        {
            return pair.Positive;
        }

        var turn = LastLearnt((ChatExample)example);
        return turn.ToolCalls is null ? turn.Content : turn.Content + turn.ToolCalls;
    }

    /// <summary>The messages before the last learnt answer.</summary>
    public static IEnumerable<ChatTurn> Asked(ChatExample chat) => chat.Messages.Take(IndexOfLastLearnt(chat));

    /// <summary>Letters and digits in lower case, everything else one space; the trimmed text itself where nothing is left of it.</summary>
    public static string Normalise(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            // Surrogates are kept: they are letters of scripts beyond the first plane, or emoji.
            if (char.IsLetterOrDigit(character) || char.IsSurrogate(character) || IsMark(character))
            {
                normal.Append(char.ToLowerInvariant(character));
            }
            else if (normal.Length > 0 && normal[^1] != ' ')
            {
                normal.Append(' ');
            }
        }

        var length = normal.Length > 0 && normal[^1] == ' ' ? normal.Length - 1 : normal.Length;
        return length == 0 ? text.Trim() : normal.ToString(0, length);
    }

    private static bool IsMark(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static ChatTurn LastLearnt(ChatExample chat) => chat.Messages[IndexOfLastLearnt(chat)];

    private static int IndexOfLastLearnt(ChatExample chat)
    {
        for (var i = chat.Messages.Count - 1; i > 0; i--)
        {
            if (chat.Messages[i].IsLearnt)
            {
                return i;
            }
        }

        return 0;
    }
}
