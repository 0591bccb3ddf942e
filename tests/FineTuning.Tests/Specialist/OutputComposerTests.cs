using FsCheck;
using FsCheck.Fluent;
using NJsonSchema;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Tests.Retrieving;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Tests.Specialist;

/// <summary>Whatever heads say of whatever text, the output obeys the schema.</summary>
public sealed class OutputComposerTests
{
    private static readonly ITextTokenizer Tokenizer = TokenEncoder.Load(TinyEncoder.Files()).Tokenizer;

    [Theory]
    [InlineData("labels")]
    [InlineData("spans")]
    [InlineData("numbers")]
    [InlineData("lists")]
    [InlineData("nested")]
    [InlineData("plain")]
    [InlineData("array")]
    public async Task Compose_AnyLogitsOfAnyText_ObeysTheSchema(string kind)
    {
        var schema = SchemaInference.Infer([.. Enumerable.Range(0, 60).Select(i => Example(kind, i))]);
        var root = schema.Root.ShouldNotBeNull(string.Join(' ', schema.NotLearnable));
        HeadSpec[] heads = [.. HeadSpec.For(root)];
        heads.ShouldNotBeEmpty();
        var validator = await JsonSchema.FromJsonAsync(schema.JsonSchema);
        var composer = new OutputComposer(root, heads, [.. heads.Select(_ => 1.0)]);
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements("aska 12 answerb", "", " ", "twenty one \"quoted\" \\ fillera", "\ud83d\ude00 \u0000 é ß İ 1,000.50", "-7 -7 -7"));

        Prop.ForAll(texts.Zip(ArbMap.Default.GeneratorFor<ulong>()).ToArbitrary(), drawn =>
        {
            var (text, seed) = drawn;
            var input = SpecialistInput.Of(text, "", Tokenizer, 24);
            var logits = new HeadLogits([.. heads.Select((head, place) => Logits(head, input.Pieces, RandomSeed.Derive(seed, (ulong)place)))]) { Strangeness = seed % 3 / 2.0 };

            var (json, confidences) = composer.Compose(input, logits);

            validator.Validate(json).ShouldBeEmpty(json);
            OutputConformance.Obeys(root, json).ShouldBeTrue(json);
            confidences.Values.ShouldAllBe(confidence => confidence >= 0 && confidence <= 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261120, 3));
    }

    private static float[] Logits(HeadSpec head, int pieces, ulong seed) =>
        [.. Enumerable.Range(0, head.Outputs * (head.Kind == HeadKind.Tags ? pieces : 1)).Select(i => (float)((RandomSeed.Derive(seed, (ulong)i) % 2001 / 100.0) - 10))];

    private static SpecialistExample Example(string kind, int i)
    {
        var text = $"aska word{i} and {i * 3} for thing{i}";
        return new SpecialistExample(i + 1, text, kind switch
        {
            "labels" => $$"""{"intent": "{{(i % 5 == 0 ? "oos" : i % 2 == 0 ? "pay" : "ask")}}", "urgent": {{(i % 2 == 0 ? "true" : "null")}}{{(i % 3 == 0 ? "" : ", \"stars\": " + (i % 4))}}}""",
            "spans" => i % 4 == 0 ? """{"who": "thing0"}""" : $$"""{"who": "word{{i}}", "what": {{(i % 3 == 0 ? "null" : $"\"thing{i}\"")}}}""",
            "numbers" => $$"""{"count": {{i * 3}}, "half": {{(i % 2 == 0 ? "null" : $"{i * 3}")}}}""",
            "lists" => $$"""{"v": 1, "tags": [{{string.Join(',', ((string[])["\"x\"", "\"y\"", "\"z\""]).Where((_, bit) => ((i >> bit) & 1) == 1))}}], "slots": [{"k": "{{(i % 2 == 0 ? "a" : "b")}}", "s": "word{{i}}", "fixed": [1]}, {"k": "c", "s": "thing{{i}}", "fixed": [1]}]}""",
            "nested" => i % 3 == 0 ? """{"deep": null}""" : i % 3 == 1 ? "{}" : $$$"""{"deep": {"mood": {{{(i % 2 == 0 ? "\"good\"" : "\"bad\"")}}}, "part": "word{{{i}}}"}}""",
            "plain" => i % 2 == 0 ? "a \"label\"" : "another",
            _ => $"[\"word{i}\"]",
        });
    }
}
