using System.Text;
using System.Text.Json.Nodes;

namespace RagPlatform.Tokenization.Tests.Json;

public sealed class TokenizerFileTests
{
    [Fact]
    public void Read_BertsFile_TokenizesAsVocabTxtDoes()
    {
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "hello", ",", "world", "中", "caf", "##e", "é"];
        var json = new JsonObject
        {
            ["normalizer"] = TokenizerJsons.Parse("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"""),
            ["pre_tokenizer"] = TokenizerJsons.Parse("""{"type":"BertPreTokenizer"}"""),
            ["post_processor"] = TokenizerJsons.Parse("""{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}"""),
            ["decoder"] = TokenizerJsons.Parse("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["vocab"] = new JsonObject(vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            },
        };
        var fromJson = TokenizerJsons.Read(json);
        var fromText = WordPieceTokenizer.FromVocabulary(new StringReader(string.Join('\n', vocabulary)));
        foreach (var text in new[] { "Unaffable, HELLO  world", "café 中world", "hello\u0000wor\u00ADld", "zzz hello", "", "  " })
        {
            fromJson.Encode(text, 100).Ids.ShouldBe(fromText.Encode(text, 100).Ids, text);
        }

        fromJson.Decode(fromJson.Tokenize("unaffable, hello").Ids).ShouldBe("unaffable, hello");
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"Alien"}""", "tokenizer.json.pre_tokenizer has the type 'Alien', which is not supported.")]
    [InlineData("normalizer", """{"type":"Nmt"}""", "tokenizer.json.normalizer has the type 'Nmt', which is not supported.")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"}""", "tokenizer.json.pre_tokenizer.pattern.Regex is no expression that .NET understands")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "tokenizer.json.model.merges[0] joins 'a' and 'b'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}""", "both have the id 0")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":-1},"merges":[]}""", "is no whole number")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":2000000000},"merges":[]}""", "ids go from 0 to 4000000")]
    [InlineData("model", """{"type":"Unigram","unk_id":7,"vocab":[["a",-1]]}""", "tokenizer.json.model.unk_id is no whole number from 0 to 0")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a"]]}""", "tokenizer.json.model.vocab[0] is no pair")]
    [InlineData("added_tokens", """[{"id":1,"content":"x"},{"id":1,"content":"y"}]""", "has the id 1 2 times")]
    public void Read_WhatIsNotUnderstood_SaysWhere(string member, string value, string message)
    {
        var json = TokenizerJsons.ByteLevel([]);
        json[member] = TokenizerJsons.Parse(value);

        Should.Throw<InvalidDataException>(() => TokenizerJsons.Read(json)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("""{"type":"BertProcessing","cls":["[CLS]",7000],"sep":["[SEP]",1]}""")]
    [InlineData("""{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"x"}}],"special_tokens":{"x":{"ids":[7000]}}}""")]
    public void VocabularySize_TokensAroundATextBeyondTheVocabulary_IsAboveThem(string processor)
    {
        var json = TokenizerJsons.ByteLevel([]);
        json["post_processor"] = TokenizerJsons.Parse(processor);
        var tokenizer = TokenizerJsons.Read(json);

        tokenizer.Encode("a", 16).Ids.ShouldContain(7000);
        tokenizer.VocabularySize.ShouldBe(7001);
    }

    [Theory]
    [InlineData("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["</s>",0],["<",-3],["/",-3],["s",-3],[">",-3]]}""", 4)]
    [InlineData("""{"type":"WordPiece","unk_token":"<unk>","vocab":{"<unk>":0,"</s>":1,"<":2,"##/":3,"##s":4,"##>":5}}""", 4)]
    [InlineData("""{"type":"BPE","unk_token":"<unk>","ignore_merges":true,"vocab":{"<unk>":0,"</s>":1,"<":2,"/":3,"s":4,">":5},"merges":[]}""", 4)]
    [InlineData("""{"type":"BPE","unk_token":"<unk>","vocab":{"<unk>":0,"</s>":1,"<":2,"/":3,"s":4,">":5,"</":6,"s>":7},"merges":["< /","s >","</ s>"]}""", 2)]
    public void Tokenize_SpecialTokenThatTheVocabularyHolds_IsTextUnlessItIsAskedFor(string model, int characters)
    {
        var tokenizer = TokenizerJsons.Read(new JsonObject
        {
            ["added_tokens"] = new JsonArray(TokenizerJsons.Added(1, "</s>", special: true)),
            ["pre_tokenizer"] = TokenizerJsons.Parse("""{"type":"WhitespaceSplit"}"""), ["model"] = TokenizerJsons.Parse(model),
        });

        tokenizer.Tokenize("</s>").Ids.ShouldNotContain(1);
        tokenizer.Count("</s>").ShouldBe(characters);
        tokenizer.Tokenize("</s>", SpecialTokens.Recognized).Ids.ShouldBe([1]);
    }

    [Theory]
    [InlineData("BPE", "continuing_subword_prefix")]
    [InlineData("BPE", "end_of_word_suffix")]
    [InlineData("WordPiece", "continuing_subword_prefix")]
    public void Read_LongPrefixOrSuffix_IsRefused(string type, string field)
    {
        // It is put beside every piece that is looked for.
        var json = TokenizerJsons.ByteLevel([]);
        json["model"] = new JsonObject
        {
            ["type"] = type, ["vocab"] = new JsonObject { ["[UNK]"] = 0 }, ["merges"] = new JsonArray(), ["unk_token"] = "[UNK]", [field] = new string('#', 10_000),
        };

        Should.Throw<InvalidDataException>(() => TokenizerJsons.Read(json)).Message.ShouldContain(field);
    }

    [Fact]
    public void Read_DamagedFiles_AreRefusedOrUsable_AndNothingElse()
    {
        var sound = Encoding.UTF8.GetBytes(TokenizerJsons.ByteLevel(["l o", "lo w"]).ToJsonString());
        var random = new Random(17);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = (byte[])sound.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length;
            try
            {
                JsonTokenizer.Read(new MemoryStream(damaged, 0, length)).Count("slow lower 日本");
            }
            catch (InvalidDataException exception)
            {
                exception.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void Split_PatternOverCharactersAboveTheBasicPlane_SeesTheirCategory()
    {
        var json = TokenizerJsons.ByteLevel(["l o"]);
        json["pre_tokenizer"] = TokenizerJsons.Parse("""{"type":"Split","pattern":{"Regex":"\\p{L}+|\\p{N}"},"behavior":"Removed","invert":true}""");
        json["model"] = TokenizerJsons.Parse("""{"type":"BPE","unk_token":"?","vocab":{"?":0,"a":1,"𝒜":2,"𝟘":3},"merges":[]}""");
        json["added_tokens"] = new JsonArray();

        // Letters stay together, whatever their plane; the dash is neither.
        TokenizerJsons.Read(json).Tokenize("a𝒜-𝟘").Ids.ShouldBe([1, 2, 3]);
    }
}
