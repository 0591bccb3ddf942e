using System.Text;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Static;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Static;

public sealed class StaticEmbedderTests
{
    private const int Dimension = 3;

    private static readonly float[] Rows = [.. Enumerable.Range(0, TinyBert.Vocabulary.Length * Dimension).Select(i => MathF.Sin(i))];

    [Fact]
    public void Embed_Passage_IsTheDirectionOfTheMeanOfItsTokens()
    {
        var expected = new float[Dimension];
        foreach (var token in (string[])["the", "cat", "cat", "a"])
        {
            VectorMath.Add(expected, Rows.AsSpan(Array.IndexOf(TinyBert.Vocabulary, token) * Dimension, Dimension));
        }

        VectorMath.NormalizeToUnitLength(expected);
        var embedding = Passage(StaticEmbedder.Load(Files()), "The cat cat a");
        embedding.Vector.ShouldBe(expected, 1e-6);
        embedding.UnseenTokens.ShouldBe(0);
    }

    [Fact]
    public void Embed_TextBeyondAnyEncodersLimit_IsReadToItsEnd() =>
        Passage(StaticEmbedder.Load(Files()), string.Join(' ', Enumerable.Repeat("a", 5000))).UnseenTokens.ShouldBe(0);

    [Fact]
    public void Embed_MoreTokensThanSeqLength_TellsHowManyWereNotRead() =>
        Passage(StaticEmbedder.Load(Files().With(files => files["config.json"] = """{"model_type":"model2vec","seq_length":6}"""u8.ToArray())), "a b c d e f")
            .UnseenTokens.ShouldBe(2);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Embed_TextWithoutAToken_HasUnitLength(string text)
    {
        var vector = Passage(StaticEmbedder.Load(Files()), text).Vector;
        VectorMath.Dot(vector, vector).ShouldBe(1f, 1e-6f);
    }

    [Fact]
    public void Embed_Questions_AreReadByTheEncoderInTheFolder()
    {
        var teacher = new TinyBert().HuggingFaceFiles();
        var model = StaticEmbedder.Load(Files(TinyBert.Hidden).With(files => AddQuestionEncoder(files, teacher)));
        var encoder = SentenceEncoder.Load(teacher);
        var mixed = model.Embed(
            [model.Encode("a cat", TextKind.Passage), model.Encode("a cat", TextKind.Query), model.Encode("b", TextKind.Passage)], 2, CancellationToken.None);
        mixed[1].Vector.ShouldBe(encoder.EmbedPassages(["a cat"], 1, CancellationToken.None)[0].Vector);
        mixed[0].Vector.ShouldBe(Passage(model, "a cat").Vector);
        mixed[2].Vector.ShouldBe(Passage(model, "b").Vector);
        mixed[0].Vector.ShouldNotBe(mixed[1].Vector);
    }

    [Fact]
    public void Load_QuestionEncoderOfAnotherDimension_IsRefused() =>
        Refusal(Files().With(files => AddQuestionEncoder(files, new TinyBert().HuggingFaceFiles()))).ShouldContain("different models");

    [Fact]
    public void Load_WhatWasWritten_EmbedsAlike()
    {
        var table = new StaticTable([.. Rows], Dimension);
        using var configuration = new MemoryStream();
        using var weights = new MemoryStream();
        StaticModelFiles.WriteConfiguration(configuration, table, "teacher");
        StaticModelFiles.WriteTable(weights, table);
        var written = StaticEmbedder.Load(Files().With(files =>
        {
            files["config.json"] = configuration.ToArray();
            files["model.safetensors"] = weights.ToArray();
        }));
        Passage(written, "the cat").Vector.ShouldBe(Passage(StaticEmbedder.Load(Files()), "the cat").Vector);
        written.Dimension.ShouldBe(Dimension);
    }

    [Fact]
    public void Load_EncodersConfiguration_IsRefused() =>
        Refusal(Files().With(files => files["config.json"] = Encoding.UTF8.GetBytes(TinyBert.Config().ToJsonString()))).ShouldContain("model2vec");

    [Fact]
    public void Load_TokenizerWithMoreTokensThanTheTable_IsRefused() =>
        Refusal(Files().With(files => files["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', [.. TinyBert.Vocabulary, "one", "two"]))))
            .ShouldContain($"tokenizer has {TinyBert.Vocabulary.Length + 2} tokens, the table {TinyBert.Vocabulary.Length}");

    [Fact]
    public void Load_TableOfOneDimension_IsRefused() =>
        Refusal(Files().With(files => files["model.safetensors"] = SafetensorsBytes.Write([("embeddings", [Rows.Length], Rows)])))
            .ShouldContain("must be [tokens, dimension]");

    [Fact]
    public void Load_QuantisedVocabulary_IsRefusedWithTheRemedy() =>
        Refusal(Files().With(files => files["model.safetensors"] = SafetensorsBytes.Write(
            [("embeddings", [TinyBert.Vocabulary.Length, Dimension], Rows), ("weights", [2], [1f, 1f])]))).ShouldContain("without vocabulary quantisation");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Load_NoRoomForAText_IsRefused(int tokens) =>
        Refusal(Files().With(files => files["config.json"] = Encoding.UTF8.GetBytes($$"""{"model_type":"model2vec","seq_length":{{tokens}}}""")))
            .ShouldContain($"seq_length is {tokens}");

    [Fact]
    public void Embed_UnknownWord_OfATokenizerJson_CountsForNothing()
    {
        const string Tokenizer = """
            {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
             "vocab": {"[UNK]": 0, "cat": 1, "the": 2}}, "pre_tokenizer": {"type": "Whitespace"}}
            """;
        var model = StaticEmbedder.Load(Files().With(files =>
        {
            files.Remove("vocab.txt");
            files["tokenizer.json"] = Encoding.UTF8.GetBytes(Tokenizer);
        }));
        Passage(model, "the zebra cat").Vector.ShouldBe(Passage(model, "the cat").Vector);
        Passage(model, "the cat").Vector.ShouldNotBe(Passage(model, "the the cat").Vector);
    }

    [Fact]
    public void Load_WithoutTokenizer_NamesTheFile() =>
        Should.Throw<FileNotFoundException>(() => StaticEmbedder.Load(Files().With(files => files.Remove("vocab.txt")))).Message.ShouldContain("tokenizer.json");

    [Fact]
    public void Embed_Cancelled_Stops()
    {
        var model = StaticEmbedder.Load(Files());
        Should.Throw<OperationCanceledException>(() => model.Embed([model.Encode("a", TextKind.Passage)], 1, new CancellationToken(canceled: true)));
    }

    private static string Refusal(IModelFiles files) => Should.Throw<InvalidDataException>(() => StaticEmbedder.Load(files)).Message;

    private static TextEmbedding Passage(StaticEmbedder model, string text) => model.EmbedPassages([text], 1, CancellationToken.None)[0];

    private static void AddQuestionEncoder(Dictionary<string, byte[]> files, MemoryModelFiles encoder)
    {
        foreach (var (name, content) in encoder.Files)
        {
            files[$"{StaticModelFiles.QuestionFolder}/{name}"] = content;
        }
    }

    private static MemoryModelFiles Files(int dimension = Dimension) => new MemoryModelFiles().With(files =>
    {
        files["config.json"] = """{"model_type":"model2vec","normalize":true}"""u8.ToArray();
        files["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', TinyBert.Vocabulary));
        float[] values = dimension == Dimension ? Rows : [.. Enumerable.Range(0, TinyBert.Vocabulary.Length * dimension).Select(i => MathF.Sin(i))];
        files["model.safetensors"] = SafetensorsBytes.Write([("embeddings", [TinyBert.Vocabulary.Length, dimension], values)]);
    });
}
