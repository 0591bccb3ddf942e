using FsCheck;
using FsCheck.Fluent;
using NJsonSchema;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.Metrics;
using RagPlatform.Tokenization;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class OutputRoundTripTests
{
    private const float Sure = 30;
    private const int MaxTokens = 512;

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261120, 9);

    /// <summary>Where all that outputs have can be learnt, heads that say what they were taught give the outputs back.</summary>
    [Fact]
    public void Compose_OfWhatTargetsSay_GivesTheExamplesOutputBack() => Check.One(Runs, Prop.ForAll(Seeds(), seed =>
    {
        var examples = RandomOutputs.Of(seed);
        var schema = SchemaInference.Infer(examples);
        if (schema.Root is not { } root)
        {
            schema.NotLearnable.ShouldNotBeEmpty($"seed {seed}");
            return;
        }

        var (part, specs, composer) = Made(examples, schema, root);
        foreach (var (input, target) in part.Inputs.Zip(part.Targets))
        {
            var json = composer.Compose(input, Said(specs, input, target)).Json;
            OutputConformance.Obeys(root, json).ShouldBeTrue($"seed {seed}: {json} of {schema.JsonSchema}");
            if (schema.NotLearnable.Count == 0)
            {
                JsonExactMatch.IsMatch(target.Output, json).ShouldBeTrue($"seed {seed}: {json} is not {target.Output} of {input.Text}; {schema.JsonSchema}");
            }
        }
    }));

    [Fact]
    public void Compose_OfAnyLogits_ObeysTheJsonSchema() => Check.One(Runs.WithMaxTest(60), Prop.ForAll(Seeds(), seed =>
    {
        var examples = RandomOutputs.Of(seed);
        var schema = SchemaInference.Infer(examples);
        if (schema.Root is not { } root)
        {
            return;
        }

        var (part, specs, composer) = Made(examples, schema, root);
        var validator = JsonSchema.FromJsonAsync(schema.JsonSchema).GetAwaiter().GetResult();
        var random = new Random(seed);
        foreach (var input in part.Inputs.Take(20).Append(Input("")).Append(Input("  7 unknown 8.5 ")))
        {
            var logits = new HeadLogits([.. specs.Select(spec => Random(spec, input, random))]);
            var json = composer.Compose(input, logits).Json;
            OutputConformance.Obeys(root, json).ShouldBeTrue($"seed {seed}: {json} of {schema.JsonSchema}");
            validator.Validate(json).ShouldBeEmpty($"seed {seed}: {json} of {schema.JsonSchema}");
        }
    }));

    private static (SpecialistPart Part, IReadOnlyList<HeadSpec> Specs, OutputComposer Composer) Made(SpecialistExample[] examples, InferredSchema schema, OutputNode root)
    {
        var specs = HeadSpec.For(root);
        return (SpecialistPart.Of(examples, "query: ", Tokenizer(), MaxTokens, schema.IsPlainText, specs), specs, new OutputComposer(root, specs, [.. specs.Select(_ => 1.0)]));
    }

    private static HeadLogits Said(IReadOnlyList<HeadSpec> specs, SpecialistInput input, SpecialistTarget target) => new([.. specs.Select((spec, head) =>
    {
        var logits = new float[spec.Outputs * (spec.Kind == HeadKind.Tags ? input.Pieces : 1)];
        switch (spec.Kind)
        {
            case HeadKind.Label when target.Labels[head] >= 0:
                logits[target.Labels[head]] = Sure;
                break;
            case HeadKind.LabelSet:
                Array.Fill(logits, -Sure);
                foreach (var label in target.Sets[head] ?? new HashSet<int>())
                {
                    logits[label] = Sure;
                }

                break;
            case HeadKind.Tags when target.Tags[head] is { } tags:
                for (var piece = 0; piece < tags.Length; piece++)
                {
                    logits[(piece * spec.Outputs) + tags[piece]] = Sure;
                }

                break;
        }

        return logits;
    })]);

    private static float[] Random(HeadSpec spec, SpecialistInput input, Random random) =>
        [.. Enumerable.Range(0, spec.Outputs * (spec.Kind == HeadKind.Tags ? input.Pieces : 1)).Select(_ => (float)(random.NextDouble() * 8) - 4)];

    private static SpecialistInput Input(string text) => SpecialistInput.Of(text, "query: ", Tokenizer(), MaxTokens);

    /// <summary>Spells what is made of Latin letters, digits and some signs; all else is unknown to it.</summary>
    private static WordPieceTokenizer Tokenizer()
    {
        var letters = Enumerable.Range('a', 26).Concat(Enumerable.Range('0', 10)).Select(letter => $"{(char)letter}").ToArray();
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "query", "ro", "##me", ":", ".", ",", "-", "'", .. letters, .. letters.Select(letter => $"##{letter}")];
        return WordPieceTokenizer.FromVocabulary(new StringReader(string.Join('\n', vocabulary)), lowerCase: true);
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
}
