using RagPlatform.Tokenization;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>Examples of one part of the data, as the encoder reads them and as the heads are to answer.</summary>
internal sealed record SpecialistPart(IReadOnlyList<SpecialistInput> Inputs, IReadOnlyList<SpecialistTarget> Targets)
{
    public int Count => Inputs.Count;

    /// <summary>Not all of it is out of scope, so that answers can be judged by it.</summary>
    public bool HasAnswers => Targets.Any(target => !target.IsOutOfScope);

    public static SpecialistPart Of(IReadOnlyList<SpecialistExample> examples, string prefix, ITextTokenizer tokenizer, int maxTokens, bool isPlainText, IReadOnlyList<HeadSpec> heads)
    {
        SpecialistInput[] inputs = [.. examples.Select(example => SpecialistInput.Of(example.Text, prefix, tokenizer, maxTokens))];
        return new SpecialistPart(inputs, [.. examples.Select((example, i) => SpecialistTarget.Of(example, inputs[i], isPlainText, heads))]);
    }
}
