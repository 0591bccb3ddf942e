namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>A file's examples with what it takes to compare them.</summary>
internal sealed class ExampleSet
{
    private readonly int[] firstOfInput;

    private ExampleSet(IReadOnlyList<TrainingExample> examples, ExampleKey[] keys, int[] firstOfInput, int[] distinct, TextSketches sketches)
    {
        (Examples, Keys, this.firstOfInput, Distinct, Sketches) = (examples, keys, firstOfInput, distinct, sketches);
    }

    public IReadOnlyList<TrainingExample> Examples { get; }

    public IReadOnlyList<ExampleKey> Keys { get; }

    /// <summary>The first example of each input that is equal but for case and punctuation.</summary>
    public IReadOnlyList<int> Distinct { get; }

    /// <summary>Of the inputs of <see cref="Distinct"/>.</summary>
    public TextSketches Sketches { get; }

    /// <param name="examples">In their order.</param>
    /// <param name="compared">What of an example is its input.</param>
    /// <param name="cancellationToken">Looked at between examples.</param>
    public static ExampleSet Of(IReadOnlyList<TrainingExample> examples, Func<TrainingExample, string> compared, CancellationToken cancellationToken)
    {
        var normalised = new string[examples.Count];
        for (var i = 0; i < normalised.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            normalised[i] = ExampleText.Normalise(compared(examples[i]));
        }

        var keys = ExampleKey.Of(examples, normalised, cancellationToken);
        var firsts = new Dictionary<UInt128, int>();
        var firstPlaces = new int[keys.Length];
        var distinct = new List<int>();
        for (var i = 0; i < keys.Length; i++)
        {
            if (firsts.TryAdd(keys[i].Input, i))
            {
                distinct.Add(i);
            }

            firstPlaces[i] = firsts[keys[i].Input];
        }

        var sketches = new TextSketches([.. distinct.Select(i => normalised[i])], cancellationToken);
        return new ExampleSet(examples, keys, firstPlaces, [.. distinct], sketches);
    }

    /// <summary>The first example whose input is equal but for case and punctuation; itself where it is the first.</summary>
    public int FirstOfInput(int example) => firstOfInput[example];
}
