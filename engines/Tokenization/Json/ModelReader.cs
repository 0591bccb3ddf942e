using RagPlatform.Tokenization.Json.Models;

namespace RagPlatform.Tokenization.Json;

/// <summary>Reads the model of a tokenizer.json.</summary>
internal static class ModelReader
{
    private const int MaxWordCharacters = 512;

    /// <param name="model">The file's.</param>
    /// <param name="special">Ids of tokens that no text may become: many vocabularies hold "&lt;/s&gt;" like a word.</param>
    public static ITokenModel Read(JsonNode model, IReadOnlySet<int> special) => TypeOf(model) switch
    {
        "BPE" => ReadBpe(model, special),
        "Unigram" => ReadUnigram(model, special),
        "WordPiece" => ReadWordPiece(model, special),
        var type => throw model.Unsupported(type),
    };

    /// <summary>Older files do not say it.</summary>
    private static string? TypeOf(JsonNode model) =>
        model.Type ?? (model["merges"].IsNull ? model["vocab"].IsNull || !model["unk_id"].IsNull ? "Unigram" : "WordPiece" : "BPE");

    private static BpeModel ReadBpe(JsonNode model, IReadOnlySet<int> special)
    {
        if (!model["dropout"].IsNull && model["dropout"].Number() != 0)
        {
            throw model["dropout"].Wrong("is for training; use a file without it");
        }

        var vocabulary = ReadVocabulary(model);
        var prefix = TextOr(model["continuing_subword_prefix"], "");
        var merges = ReadMerges(model["merges"], vocabulary, prefix, special);
        return new BpeModel(vocabulary, merges, new BpeOptions(
            ReadUnknown(model, vocabulary), model["byte_fallback"].Flag(false) ? vocabulary.ByteTokens() : null, model["fuse_unk"].Flag(false),
            model["ignore_merges"].Flag(false), prefix, TextOr(model["end_of_word_suffix"], ""), special));
    }

    private static MergeTable ReadMerges(JsonNode node, TokenVocabulary vocabulary, string prefix, IReadOnlySet<int> special)
    {
        var merges = new MergeTable(vocabulary.Count);
        foreach (var merge in node.Items())
        {
            var (left, right) = ReadPair(merge);
            var joined = prefix.Length > 0 && right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right;
            if (!vocabulary.TryGetId(left, out var leftId) || !vocabulary.TryGetId(right, out var rightId) || !vocabulary.TryGetId(left + joined, out var id))
            {
                throw merge.Wrong($"joins '{left}' and '{right}', and one of these or what they make is not in the vocabulary");
            }

            if (!special.Contains(id))
            {
                merges.Add(leftId, rightId, id);
            }
        }

        return merges;
    }

    /// <summary>"a b", or ["a", "b"] in newer files.</summary>
    private static (string Left, string Right) ReadPair(JsonNode merge)
    {
        if (!merge.IsText)
        {
            return merge.Items().Take(3).ToArray() is [var left, var right] ? (left.Text(), right.Text()) : throw merge.Wrong("is no pair of tokens");
        }

        var text = merge.Text();
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space < text.Length - 1 ? (text[..space], text[(space + 1)..]) : throw merge.Wrong("is no pair of tokens");
    }

    private static UnigramModel ReadUnigram(JsonNode model, IReadOnlySet<int> special)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (var entry in model.Required("vocab").Items())
        {
            if (entry.Items().Take(3).ToArray() is not [var piece, var score])
            {
                throw entry.Wrong("is no pair of a piece and its score");
            }

            if (!ids.TryAdd(piece.Text(), scores.Count))
            {
                throw entry.Wrong($"has '{piece.Text()}' a second time");
            }

            scores.Add(score.Number());
        }

        if (scores.Count == 0)
        {
            throw model["vocab"].Wrong("is empty");
        }

        int? unknown = model["unk_id"].IsNull ? null : model["unk_id"].Integer(0, scores.Count - 1);
        return new UnigramModel(new TokenVocabulary(ids), [.. scores], unknown, model["byte_fallback"].Flag(false), special);
    }

    private static WordPieceModel ReadWordPiece(JsonNode model, IReadOnlySet<int> special)
    {
        var vocabulary = ReadVocabulary(model);
        var unknown = ReadUnknown(model, vocabulary) ?? throw model.Wrong("has no unk_token, which WordPiece needs");
        var max = model["max_input_chars_per_word"].IsNull ? 100 : model["max_input_chars_per_word"].Integer(1, MaxWordCharacters);
        return new WordPieceModel(vocabulary, unknown, TextOr(model["continuing_subword_prefix"], "##"), max, special);
    }

    private static TokenVocabulary ReadVocabulary(JsonNode model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in model.Required("vocab").Members())
        {
            if (!ids.TryAdd(token, id.Integer(0, int.MaxValue)))
            {
                throw id.Wrong("is there twice");
            }
        }

        return new TokenVocabulary(ids);
    }

    private static int? ReadUnknown(JsonNode model, TokenVocabulary vocabulary)
    {
        if (model["unk_token"].IsNull)
        {
            return null;
        }

        var token = model["unk_token"].Text();
        return vocabulary.TryGetId(token, out var id) ? id : throw model["unk_token"].Wrong($"is '{token}', which is not in the vocabulary");
    }

    private static string TextOr(JsonNode node, string otherwise) => node.IsNull ? otherwise : node.ShortText();
}
