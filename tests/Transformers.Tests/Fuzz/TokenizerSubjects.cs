using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Tokenization;
using RagPlatform.Tokenization.Tests.Json;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Files that say how text becomes tokens.</summary>
internal static class TokenizerSubjects
{
    private const string Json = "tokenizer.json";
    private const string Vocabulary = "vocab.txt";
    private const string Text = "aab lower  Low, é日👍 <s> don't 12\n\ud800 ﬁ";

    public static IEnumerable<FuzzSubject> All =>
    [
        Of("tokenizer.json, byte-level", 1000, Split(TokenizerJsons.ByteLevel(["l o", "lo w", "e r"], addPrefixSpace: true))),
        Of("tokenizer.json, marked", 1000, TokenizerJsons.Marked(["a", "b", "▁", "▁a", "aa"], ["▁ a", "a a"])),
        Of("tokenizer.json, unigram with a table", 1000, Table(TokenizerJsons.Unigram(("▁", -2), ("a", -1.5), ("ab", -2.25), ("▁lo", -3), ("w", -4)))),
        Of("tokenizer.json, word pieces", 1000, WordPieces()),
        new(Vocabulary, 800, () => Files(Vocabulary, string.Join('\n', "[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a", "b", "low", "##er", "é")),
            (files, random) => files[Vocabulary] = DamageLines(files[Vocabulary], random), ReadVocabulary, "vocabulary"),
    ];

    private static FuzzSubject Of(string name, int cases, JsonObject json)
    {
        var text = json.ToJsonString();
        return new FuzzSubject(name, cases, () => Files(Json, text), (files, random) => files[Json] = DamageJson(files[Json], random), ReadJson, Json);
    }

    /// <summary>Half of the time not the vocabulary, which has more values than all the rest.</summary>
    private static byte[] DamageJson(byte[] file, Random random)
    {
        var json = JsonNode.Parse(file)!.AsObject();
        string[] steps = [.. json.Where(member => member is { Key: not "model", Value: not null }).Select(member => member.Key)];
        if (random.Next(2) == 0)
        {
            return JsonDamage.Damage(file, random);
        }

        var step = steps[random.Next(steps.Length)];
        var damaged = Encoding.UTF8.GetString(JsonDamage.Damage(Encoding.UTF8.GetBytes(json[step]!.ToJsonString()), random));
        json[step] = "(here)";
        return Encoding.UTF8.GetBytes(json.ToJsonString().Replace("\"(here)\"", damaged, StringComparison.Ordinal));
    }

    private static MemoryModelFiles Files(string name, string text) => new MemoryModelFiles().With(files => files[name] = Encoding.UTF8.GetBytes(text));

    private static JsonObject Split(JsonObject json)
    {
        json["pre_tokenizer"] = TokenizerJsons.Parse("""{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"'s|\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+"},"behavior":"Isolated","invert":false},{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]}""");
        json["normalizer"] = TokenizerJsons.Parse("""{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Strip","strip_left":true,"strip_right":true},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]}""");
        return json;
    }

    private static JsonObject Table(JsonObject json)
    {
        var fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Json", "Fixtures", "charsmap.json")))!;
        json["normalizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["normalizers"] = new JsonArray(
                new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = fixture["charsmap"]!.GetValue<string>() },
                TokenizerJsons.Parse("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}"""), TokenizerJsons.Parse("""{"type":"Lowercase"}""")),
        };
        return json;
    }

    private static JsonObject WordPieces() => new()
    {
        ["added_tokens"] = TokenizerJsons.Parse("""[{"id":2,"content":"[CLS]","special":true,"lstrip":false,"rstrip":true,"single_word":false,"normalized":false},{"id":9,"content":"don","special":false,"single_word":true,"normalized":true}]"""),
        ["normalizer"] = TokenizerJsons.Parse("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"""),
        ["pre_tokenizer"] = TokenizerJsons.Parse("""{"type":"BertPreTokenizer"}"""),
        ["post_processor"] = TokenizerJsons.Parse("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]}}}"""),
        ["decoder"] = TokenizerJsons.Parse("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
        ["model"] = TokenizerJsons.Parse("""{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"##a":5,"##b":6,"low":7,"##er":8}}"""),
    };

    private static byte[] DamageLines(byte[] file, Random random)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n').ToList();
        var at = random.Next(lines.Count);
        switch (random.Next(6))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[random.Next(lines.Count)]);
                break;
            case 2:
                lines[at] = new string('x', random.Next(1, 2000));
                break;
            case 3:
                lines[at] = new[] { "", "##", "\0", "\r", " ", "[UNK]", "\ufeff" }[random.Next(7)];
                break;
            default:
                return ByteDamage.Damage(file, random);
        }

        return Encoding.UTF8.GetBytes(string.Join(random.Next(4) == 0 ? "\r\n" : "\n", lines));
    }

    private static void ReadJson(MemoryModelFiles files)
    {
        var tokenizer = JsonTokenizer.Read(files.Open(Json));
        var tokens = tokenizer.Tokenize(Text, SpecialTokens.Recognized);
        tokenizer.Count(Text).ShouldBeGreaterThanOrEqualTo(0);
        tokenizer.Encode(Text, maxTokens: 64).Ids.Length.ShouldBeLessThanOrEqualTo(64);
        tokens.Ids.ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize);
        tokens.Starts.Zip(tokens.Ends).ShouldAllBe(span => span.First >= 0 && span.First <= span.Second && span.Second <= Text.Length);
        tokenizer.Decode(tokens.Ids);
    }

    private static void ReadVocabulary(MemoryModelFiles files)
    {
        using var reader = new StreamReader(files.Open(Vocabulary));
        var tokenizer = WordPieceTokenizer.FromVocabulary(reader);
        tokenizer.Encode(Text, maxTokens: 64).Ids.ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize);
    }
}
