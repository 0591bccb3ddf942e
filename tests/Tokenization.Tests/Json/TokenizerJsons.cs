using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Tokenization.Tests.Json;

/// <summary>Small tokenizer.json files, written as the published ones are.</summary>
internal static class TokenizerJsons
{
    public static JsonTokenizer Read(JsonNode json) => JsonTokenizer.Read(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())));

    /// <summary>GPT-2's way: byte-level BPE. The vocabulary is all bytes and what the merges make.</summary>
    public static JsonObject ByteLevel(string[] merges, bool addPrefixSpace = false, bool ignoreMerges = false)
    {
        var vocabulary = new JsonObject();
        foreach (var value in Enumerable.Range(0, 256))
        {
            vocabulary[ByteCharacter(value)] = vocabulary.Count;
        }

        foreach (var merge in merges)
        {
            vocabulary[merge.Replace(" ", "", StringComparison.Ordinal)] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(vocabulary.Count, "<|end|>", special: true)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["use_regex"] = true },
            ["post_processor"] = new JsonObject { ["type"] = "ByteLevel" },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary, ["ignore_merges"] = ignoreMerges,
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            },
        };
    }

    /// <summary>Llama 2's way: a prefix, marks for spaces, no words, bytes for what is unknown.</summary>
    public static JsonObject Marked(string[] pieces, string[] merges, bool byteFallback = true)
    {
        var vocabulary = new JsonObject { ["<unk>"] = 0, ["<s>"] = 1, ["</s>"] = 2 };
        foreach (var value in Enumerable.Range(0, 256))
        {
            vocabulary[$"<0x{value:X2}>"] = vocabulary.Count;
        }

        foreach (var piece in pieces)
        {
            vocabulary[piece] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(0, "<unk>", special: true), Added(1, "<s>", special: true), Added(2, "</s>", special: true)),
            ["normalizer"] = Parse("""{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"""),
            ["post_processor"] = Parse("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}"""),
            ["decoder"] = Parse("""{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary, ["unk_token"] = "<unk>", ["fuse_unk"] = true, ["byte_fallback"] = byteFallback,
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            },
        };
    }

    /// <summary>T5's and XLM-R's way: a unigram model after marks for spaces.</summary>
    public static JsonObject Unigram(params (string Piece, double Score)[] pieces) => new()
    {
        ["pre_tokenizer"] = Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}"""),
        ["decoder"] = Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}"""),
        ["model"] = new JsonObject
        {
            ["type"] = "Unigram", ["unk_id"] = 0,
            ["vocab"] = new JsonArray([new JsonArray("<unk>", 0.0), .. pieces.Select(piece => new JsonArray(piece.Piece, piece.Score))]),
        },
    };

    public static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    public static JsonObject Added(int id, string content, bool special) => new() { ["id"] = id, ["content"] = content, ["special"] = special, ["normalized"] = false };

    private static string ByteCharacter(int value)
    {
        var unprintable = Enumerable.Range(0, 256).Where(other => other is not ((>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF))).ToList();
        return ((char)(unprintable.IndexOf(value) is >= 0 and var at ? 256 + at : value)).ToString();
    }
}
