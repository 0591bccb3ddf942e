using System.Text;
using System.Text.Json;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Constraints;
using RagPlatform.Transformers.Generation;

namespace RagPlatform.Transformers.Tests.Generation;

public sealed class TextGeneratorTests
{
    private const string Schema = """
        { "type": "object", "properties": { "name": { "type": "string", "maxLength": 12 }, "age": { "type": "integer", "minimum": 1, "maximum": 9 }, "mood": { "enum": ["happy", "sad"] } },
          "required": ["name", "age", "mood"], "additionalProperties": false }
        """;

    [Fact]
    public void Generate_Greedily_TellsAStory()
    {
        var parts = Generate(new GenerationSettings { MaxTokens = 60, Sampling = SamplingSettings.Greedy });
        Text(parts).ShouldStartWith(" Once upon a time, there was a little girl named Lily.");
        parts[^1].ShouldBe(parts[^1] with { Tokens = 60, Finish = FinishReason.MaxTokens });
        parts[..^1].ShouldAllBe(part => part.Finish == null);
    }

    [Fact]
    public void Generate_StopSequence_EndsBeforeItsFirstPlace()
    {
        var whole = Text(Generate(new GenerationSettings { MaxTokens = 60, Sampling = SamplingSettings.Greedy }));
        var parts = Generate(new GenerationSettings { MaxTokens = 60, Sampling = SamplingSettings.Greedy, StopSequences = [" time", "zzz"] });
        Text(parts).ShouldBe(whole[..whole.IndexOf(" time", StringComparison.Ordinal)]);
        parts[^1].Finish.ShouldBe(FinishReason.StopSequence);
    }

    [Fact]
    public void Generate_SameSeed_RepeatsItself()
    {
        var settings = new GenerationSettings { MaxTokens = 40, Sampling = new SamplingSettings { Temperature = 0.9, TopP = 0.9 } };
        Text(Generate(settings, seed: 5)).ShouldBe(Text(Generate(settings, seed: 5)));
        Text(Generate(settings, seed: 5)).ShouldNotBe(Text(Generate(settings, seed: 6)));
    }

    [Fact]
    public void Generate_UnderASchema_IsValidWhateverTheModelWouldSay()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var parts = Generate(new GenerationSettings { MaxTokens = 200 }, Constraint(Schema), seed);
            parts[^1].Finish.ShouldBe(FinishReason.ConstraintMet, $"seed {seed}: {Text(parts)}");
            using var document = JsonDocument.Parse(Text(parts));
            document.RootElement.GetProperty("age").GetInt32().ShouldBeInRange(1, 9);
            document.RootElement.GetProperty("mood").GetString().ShouldBeOneOf("happy", "sad");
        }
    }

    [Fact]
    public void Generate_UnderASchemaThatMayGoOn_EndsWhereTheModelEnds()
    {
        var parts = Generate(new GenerationSettings { MaxTokens = 200 }, Constraint("""{ "type": "integer" }"""));
        JsonDocument.Parse(Text(parts)).Dispose();
        parts[^1].Finish.ShouldBeOneOf(FinishReason.EndOfText, FinishReason.ConstraintMet);
    }

    [Fact]
    public void TextsOf_VocabularyWithAHole_AreWhatEachTokenAdds()
    {
        var tokenizer = JsonTokenizer.Read(new MemoryStream("""
            {"added_tokens": [{"id": 4, "content": "[SEP]", "special": true}], "decoder": {"type": "WordPiece"},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "read": 1, "##ing": 3}}}
            """u8.ToArray()));

        var texts = TextGenerator.TextsOf(tokenizer);

        texts.VocabularySize.ShouldBe(5);
        Enumerable.Range(1, 4).Select(id => Encoding.UTF8.GetString(texts[id])).ShouldBe([" read", "", "ing", ""]);
    }

    [Fact]
    public void Generate_FullSession_SaysSo()
    {
        using var session = Stories.Session(capacity: 12);
        var parts = Stories.Generator.Generate(
            session, [Stories.Begin], new GenerationSettings { Sampling = SamplingSettings.Greedy }, null, new Random(1), CancellationToken.None).ToList();
        parts[^1].Finish.ShouldBe(FinishReason.CapacityFull);
        session.Length.ShouldBe(12);
    }

    [Fact]
    public void Generate_PromptWithoutRoom_IsRefused()
    {
        using var session = Stories.Session(capacity: 4);
        Should.Throw<ArgumentException>(() => Stories.Generator.Generate(session, [1, 2, 3, 4], new GenerationSettings(), null, new Random(1), CancellationToken.None))
            .Message.ShouldContain("room for 4");
        Should.Throw<ArgumentException>(() => Stories.Generator.Generate(session, [1], new GenerationSettings { StopSequences = [""] }, null, new Random(1), CancellationToken.None));
    }

    private static ITokenConstraint Constraint(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return Stories.Generator.Json.Schema(document.RootElement.Clone());
    }

    private static List<GeneratedText> Generate(GenerationSettings settings, ITokenConstraint? constraint = null, int seed = 1)
    {
        using var session = Stories.Session();
        return [.. Stories.Generator.Generate(session, [Stories.Begin], settings, constraint, new Random(seed), CancellationToken.None)];
    }

    private static string Text(IEnumerable<GeneratedText> parts) => string.Concat(parts.Select(part => part.Text));
}
