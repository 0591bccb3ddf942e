using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Tests.Reference;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests;

/// <summary>Pooling, prefixes, limits and tokenizers as a folder's files or its family's card say.</summary>
public sealed class SentenceSettingsTests
{
    private const string Transformer = """{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"}""";
    private const string PoolingStep = """{"idx":1,"name":"1","path":"my_pooling","type":"sentence_transformers.models.Pooling"}""";
    private const string Normalize = """{"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}""";
    private const string Dense = """{"idx":2,"name":"2","path":"2_Dense","type":"sentence_transformers.models.Dense"}""";
    private static readonly ReferenceModel Bert = new("bert-encoder");
    private static readonly ReferenceModel Xlm = new("xlm-roberta-encoder");

    [Theory]
    [InlineData($"[{Transformer},{PoolingStep},{Normalize}]")]
    [InlineData($"[{Transformer},{PoolingStep}]")]
    public void Load_ModulesWithOrWithoutNormalize_PoolAsTheirFolderSaysAndNormalise(string modules)
    {
        var named = Load(files =>
        {
            files["modules.json"] = Bytes(modules);
            files["my_pooling/config.json"] = Bytes("""{"pooling_mode_cls_token":true}""");
        });
        var usual = Load(files => files["1_Pooling/config.json"] = Bytes("""{"pooling_mode_cls_token":true}"""));
        Vector(named).ShouldBe(Vector(usual));
        Vector(named).Sum(value => (double)value * value).ShouldBe(1, 1e-5);
    }

    [Theory]
    [InlineData($"[{Transformer},{PoolingStep},{Dense}]", "models.Dense")]
    [InlineData($"[{PoolingStep},{Transformer}]", "Pooling, Transformer")]
    [InlineData($"[{Transformer}]", "in that order")]
    [InlineData("[]", "in that order")]
    [InlineData("{}", "list of objects")]
    [InlineData("[1]", "list of objects")]
    public void Load_ModulesThatAreNotBuilt_AreRefusedByName(string modules, string reason) =>
        Refusal(files => files["modules.json"] = Bytes(modules)).ShouldContain(reason);

    [Fact]
    public void Load_TransformerInAnotherFolder_IsRefused() =>
        Refusal(files => files["modules.json"] = Bytes($"[{Transformer.Replace("\"path\":\"\"", "\"path\":\"0_Transformer\"", StringComparison.Ordinal)},{PoolingStep}]"))
            .ShouldContain("0_Transformer");

    [Fact]
    public void Load_MeanBySquareRoot_PointsWhereTheMeanDoes() =>
        Vector(Load(files => files["1_Pooling/config.json"] = Bytes("""{"pooling_mode_mean_sqrt_len_tokens":true}"""))).ShouldBe(Vector(Load(_ => { })));

    [Theory]
    [InlineData("""{"pooling_mode_mean_tokens":true,"pooling_mode_cls_token":true}""", "pooling_mode_mean_tokens and pooling_mode_cls_token")]
    [InlineData("""{"pooling_mode_mean_tokens":true,"include_prompt":false}""", "include_prompt")]
    [InlineData("{}", "no pooling")]
    public void Load_PoolingThatIsNotBuilt_IsRefused(string pooling, string reason) =>
        Refusal(files => files["1_Pooling/config.json"] = Bytes(pooling)).ShouldContain(reason);

    [Theory]
    [InlineData(null, null, 34)]
    [InlineData(null, """{"model_max_length":20}""", 20)]
    [InlineData(null, """{"model_max_length":1000000000000000019884624838656}""", 34)]
    [InlineData("""{"max_seq_length":10}""", """{"model_max_length":20}""", 10)]
    [InlineData("""{"max_seq_length":null}""", """{"model_max_length":20}""", 20)]
    [InlineData("""{"max_seq_length":512}""", null, 34)]
    public void Load_StatedLimits_TheNearestToSentenceTransformersCounts(string? sentence, string? tokenizer, int expected) => Load(files =>
    {
        Put(files, "sentence_bert_config.json", sentence);
        Put(files, "tokenizer_config.json", tokenizer);
    }).MaxTokens.ShouldBe(expected);

    [Fact]
    public void Load_XlmRoberta_HasFewerTokensThanPositionRows() => SentenceEncoder.Load(Xlm).MaxTokens.ShouldBe(32);

    [Theory]
    [InlineData("e5-small-v2", "query: ", "passage: ")]
    [InlineData("intfloat/multilingual-e5-base", "query: ", "passage: ")]
    [InlineData("multilingual-e5-large-instruct", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ", "")]
    [InlineData("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", "")]
    [InlineData("bge-m3", "", "")]
    [InlineData("gte-small", "", "")]
    [InlineData("snowflake-arctic-embed-xs", "Represent this sentence for searching relevant passages: ", "")]
    [InlineData("snowflake-arctic-embed-l-v2.0", "query: ", "")]
    [InlineData("all-MiniLM-L6-v2", "", "")]
    [InlineData("", "", "")]
    public void Family_ByAModelsName_HasItsCardsPrefixes(string name, string query, string passage) =>
        ModelFamily.Of(name).Prefixes.ShouldBe(new TextPrefixes(query, passage));

    [Fact]
    public void Load_BgeWithoutPoolingFile_TakesTheFirstToken() =>
        SentenceEncoder.Load(Bert, "bge-base-en-v1.5", TextPrefixes.None).EmbedPassages(["a b"], 1, CancellationToken.None)[0].Vector
            .ShouldBe(Vector(Load(files => files["1_Pooling/config.json"] = Bytes("""{"pooling_mode_cls_token":true}"""))));

    [Theory]
    [InlineData("""{"prompts":{"query":"q ","passage":"p "}}""", "q ", "p ")]
    [InlineData("""{"prompts":{"query":"q ","document":"d ","passage":"p "}}""", "q ", "d ")]
    [InlineData("""{"prompts":{"query":"q "}}""", "q ", "")]
    [InlineData("""{"prompts":{"all":"x ","query":"q "},"default_prompt_name":"all"}""", "q ", "x ")]
    [InlineData("""{"prompts":{"query":"","document":""}}""", "query: ", "passage: ")]
    [InlineData("""{"prompts":{}}""", "query: ", "passage: ")]
    [InlineData("""{"similarity_fn_name":"cosine"}""", "query: ", "passage: ")]
    public void Load_Prompts_ComeBeforeTheFamilys(string prompts, string query, string passage)
    {
        var encoder = SentenceEncoder.Load(Bert.With(files => files["config_sentence_transformers.json"] = Bytes(prompts)), "e5-small");
        encoder.PrefixOf(TextKind.Query).ShouldBe(query);
        encoder.PrefixOf(TextKind.Passage).ShouldBe(passage);
    }

    [Theory]
    [InlineData("""{"prompts":{"query":"q "},"default_prompt_name":"other"}""", "other")]
    [InlineData("""{"prompts":{"query":1}}""", "prompts is 1")]
    [InlineData("""{"prompts":"q"}""", "object of texts")]
    public void Load_PromptsThatAreWrong_AreRefused(string prompts, string reason) =>
        Refusal(files => files["config_sentence_transformers.json"] = Bytes(prompts)).ShouldContain(reason);

    [Fact]
    public void Encode_Prefix_CountsIntoTheLimitAndIsRead()
    {
        var encoder = SentenceEncoder.Load(Bert, "x", new TextPrefixes("q : ", "p "));
        encoder.Encode("a b", TextKind.Passage).Ids.ShouldBe([2, 19, 4, 5, 3]);
        encoder.Encode("a b", TextKind.Query).Ids.ShouldBe([2, 20, 1, 4, 5, 3]);
        var full = string.Join(' ', Enumerable.Repeat("a", 32));
        encoder.Encode(full, TextKind.Passage).UnseenTokens.ShouldBe(1);
        encoder.Encode(full, TextKind.Query).UnseenTokens.ShouldBe(2);
    }

    [Fact]
    public void Compose_ModelWithAPrefix_LeavesRoomForIt()
    {
        var encoder = SentenceEncoder.Load(Bert, "x", new TextPrefixes("", "p "));
        var text = string.Join(' ', Enumerable.Repeat("a", 30));
        PassageText.Compose("b", [], text, encoder).ShouldBe($"b\n{text}");
        PassageText.Compose("b c", [], text, encoder).ShouldBe(text);
        encoder.Encode(PassageText.Compose("b", [], text, encoder), TextKind.Passage).UnseenTokens.ShouldBe(0);
    }

    [Fact]
    public void Load_PrefixLongerThanTheLimit_IsRefused() => Should.Throw<InvalidDataException>(
        () => SentenceEncoder.Load(Bert, "x", new TextPrefixes(string.Concat(Enumerable.Repeat("a ", 32)), ""))).Message.ShouldContain("34 of the 34 tokens");

    [Fact]
    public void Load_BertWithTokenizerJsonAlone_ReadsIt()
    {
        var encoder = SentenceEncoder.Load(new TinyBert().HuggingFaceFiles().With(files =>
        {
            files.Remove("vocab.txt");
            files["tokenizer.json"] = Bytes(WordPieceJson());
        }));
        encoder.Tokenizer.ShouldBeOfType<JsonTokenizer>();
        encoder.Encode("The cat.", TextKind.Passage).Ids.ShouldBe([2, 33, 34, 32, 3]);
    }

    [Theory]
    [InlineData("""{"tokenize_chinese_chars":false}""")]
    [InlineData("""{"do_lower_case":true,"strip_accents":false}""")]
    public void Load_VocabularyReadAnotherWay_NeedsTokenizerJson(string settings)
    {
        Refusal(files => files["tokenizer_config.json"] = Bytes(settings)).ShouldContain("tokenizer.json");
        SentenceEncoder.Load(new TinyBert().HuggingFaceFiles().With(files =>
        {
            files["tokenizer_config.json"] = Bytes(settings);
            files["tokenizer.json"] = Bytes(WordPieceJson());
        })).Tokenizer.ShouldBeOfType<JsonTokenizer>();
    }

    [Fact]
    public void Load_TokenizerJsonWithoutSpecialTokens_IsRefused() => Should.Throw<InvalidDataException>(() => SentenceEncoder.Load(Xlm.With(files =>
    {
        var tokenizer = JsonNode.Parse(files["tokenizer.json"])!;
        tokenizer["post_processor"] = null;
        files["tokenizer.json"] = Bytes(tokenizer.ToJsonString());
    }))).Message.ShouldContain("0 special tokens");

    [Fact]
    public void Load_XlmRobertaWithoutTokenizerJson_NamesIt() =>
        Should.Throw<FileNotFoundException>(() => SentenceEncoder.Load(Xlm.With(files => files.Remove("tokenizer.json")))).Message.ShouldContain("tokenizer.json");

    [Fact]
    public void Load_LowerCaseAskedOfACasedTokenizer_IsRefused() => Refusal(files =>
    {
        files["sentence_bert_config.json"] = Bytes("""{"do_lower_case":true}""");
        files["tokenizer_config.json"] = Bytes("""{"do_lower_case":false}""");
    }).ShouldContain("do_lower_case");

    [Fact]
    public void Load_Reranker_IsRefusedAsAnEncoder() =>
        Should.Throw<InvalidDataException>(() => SentenceEncoder.Load(new ReferenceModel("bert-reranker"))).Message.ShouldContain("BertForSequenceClassification");

    private static string WordPieceJson() => new JsonObject
    {
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = new JsonObject { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = true, ["lowercase"] = true },
        ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
        ["post_processor"] = new JsonObject { ["type"] = "BertProcessing", ["sep"] = new JsonArray("[SEP]", 3), ["cls"] = new JsonArray("[CLS]", 2) },
        ["model"] = new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "[UNK]",
            ["vocab"] = new JsonObject(TinyBert.Vocabulary.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id))),
        },
    }.ToJsonString();

    private static SentenceEncoder Load(Action<Dictionary<string, byte[]>> change) => SentenceEncoder.Load(Bert.With(change));

    private static string Refusal(Action<Dictionary<string, byte[]>> change) => Should.Throw<InvalidDataException>(() => Load(change)).Message;

    private static float[] Vector(SentenceEncoder encoder) => encoder.EmbedPassages(["a b"], 1, CancellationToken.None)[0].Vector;

    private static void Put(Dictionary<string, byte[]> files, string name, string? content)
    {
        if (content is not null)
        {
            files[name] = Bytes(content);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
