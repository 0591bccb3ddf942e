using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Tests.Retrieving;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Tests.Specialist;

/// <summary>A label, a set of labels and spans at once, of texts of different lengths, one of them empty, one a refusal.</summary>
public sealed class SpecialistTaskTests
{
    private const int Examples = 12;
    private const float Step = 5e-3f;

    [Fact]
    public void Accumulate_Gradients_AreFiniteDifferencesOfTheLoss()
    {
        var task = Task();
        int[] batch = [0, 3, 7, 8, 11];
        Clear(task);
        task.Accumulate(batch, scale: 2, seed: 1, CancellationToken.None);
        var gradients = task.Parameters.Select(parameter => (float[])parameter.Gradient.Clone()).ToArray();

        for (var p = 0; p < task.Parameters.Count; p++)
        {
            var values = task.Parameters[p].Values;
            foreach (var at in Enumerable.Range(0, 6).Select(i => (int)(RandomSeed.Derive((ulong)p, (ulong)i) % (ulong)values.Length)))
            {
                var kept = values[at];
                values[at] = kept + Step;
                var above = task.Accumulate(batch, 1, 1, CancellationToken.None).Loss;
                values[at] = kept - Step;
                var below = task.Accumulate(batch, 1, 1, CancellationToken.None).Loss;
                values[at] = kept;
                var wanted = 2 * (above - below) / (2 * Step);
                gradients[p][at].ShouldBe((float)wanted, 4e-3f + (0.03f * (float)Math.Abs(wanted)), $"{task.Parameters[p].Name}[{at}]");
            }
        }
    }

    [Fact]
    public void Accumulate_TwoBatchesByTheirShares_IsTheirStep()
    {
        var task = Task(tagged: false);
        int[] all = [0, 3, 7, 8, 11];
        Clear(task);
        task.Accumulate(all, 1, 1, CancellationToken.None);
        var whole = task.Parameters.Select(parameter => (float[])parameter.Gradient.Clone()).ToArray();
        Clear(task);

        task.Accumulate(all.AsSpan(0, 2), 0.4, 1, CancellationToken.None);
        task.Accumulate(all.AsSpan(2), 0.6, 2, CancellationToken.None);

        for (var p = 0; p < whole.Length; p++)
        {
            whole[p].Zip(task.Parameters[p].Gradient, (one, two) => Math.Abs(one - two)).Max().ShouldBeLessThan(1e-5f, task.Parameters[p].Name);
        }
    }

    private static void Clear(SpecialistTask task)
    {
        foreach (var parameter in task.Parameters)
        {
            parameter.ClearGradient();
        }
    }

    private static SpecialistTask Task(bool tagged = true)
    {
        SpecialistExample[] examples = [.. Enumerable.Range(0, Examples).Select(i => Example(i, tagged))];
        var schema = SchemaInference.Infer(examples);
        var specs = HeadSpec.For(schema.Root!);
        specs.Select(spec => spec.Kind).ShouldBe(tagged ? [HeadKind.Label, HeadKind.LabelSet, HeadKind.Tags] : [HeadKind.Label, HeadKind.LabelSet]);
        var encoder = TrainableEncoder.Load(TinyEncoder.Files(), "tiny", EncoderTuning.Full(0));
        var part = SpecialistPart.Of(examples, "", encoder.Tokenizer, encoder.MaxTokens, schema.IsPlainText, specs);
        var heads = new HeadSet(specs, [.. specs.Select((spec, head) => new LinearHead(spec.Name, encoder.HiddenSize, spec.Outputs, (ulong)head))], encoder.HiddenSize, 1.5f);
        var values = new HyperParameterValues(SpecialistSettings.HyperParameters, new Dictionary<string, string> { ["dropout"] = "0", ["tag_weight"] = "0.7" });
        return new SpecialistTask(encoder, heads, part, part, new OutputJudge(schema.Root!, specs), SpecialistSettings.Read(values, Examples, true, "", 1, threads: 2));
    }

    private static SpecialistExample Example(int i, bool tagged)
    {
        var words = string.Join(' ', Enumerable.Range(0, i % 5).Select(word => TinyEncoder.Word("filler", word)));
        var answer = TinyEncoder.Word("answer", i);
        var slots = tagged ? $", \"slots\": [\"{answer}\"]" : "";
        return new SpecialistExample(i + 1, i == 3 ? "" : $"{words} {answer} {TinyEncoder.Word("ask", i % 3)}", i == 7
            ? "No."
            : $$"""{"intent": "{{i % 2}}", "topics": [{{(i % 3 == 0 ? "\"a\"" : "\"a\", \"b\"")}}]{{(i == 3 ? slots.Replace(answer, "", StringComparison.Ordinal).Replace("\"\"", "", StringComparison.Ordinal) : slots)}}}""");
    }
}
