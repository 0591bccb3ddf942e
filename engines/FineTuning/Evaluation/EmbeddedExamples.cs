namespace RagPlatform.FineTuning.Evaluation;

/// <summary>Texts as vectors of a model that is not trained, each with its label.</summary>
public sealed class EmbeddedExamples
{
    /// <summary>The label of a text that belongs to none: nothing is learnt from it, and only out-of-scope scores are judged by it.</summary>
    public const int OutOfScope = -1;

    /// <param name="vectors">All of one length, at least 1; of unit length, as text embedders give them.</param>
    /// <param name="labels">By text, from 0, or <see cref="OutOfScope"/>.</param>
    /// <exception cref="ArgumentException">The numbers or lengths differ, or a label is neither.</exception>
    public EmbeddedExamples(IReadOnlyList<float[]> vectors, IReadOnlyList<int> labels)
    {
        if (vectors.Count != labels.Count)
        {
            throw new ArgumentException($"There are {vectors.Count} vectors and {labels.Count} labels; each text has one of both.", nameof(labels));
        }

        Width = vectors.Count == 0 ? 0 : vectors[0].Length;
        Labels = [.. labels];
        Values = new float[checked(vectors.Count * Width)];
        for (var i = 0; i < vectors.Count; i++)
        {
            if (vectors[i].Length != Width || labels[i] < OutOfScope)
            {
                throw new ArgumentException($"Text {i} has {vectors[i].Length} numbers and label {labels[i]}; the first has {Width}, and labels begin at {OutOfScope}.", nameof(vectors));
            }

            vectors[i].CopyTo(Values, i * Width);
        }
    }

    public int Count => Labels.Count;

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    public IReadOnlyList<int> Labels { get; }

    /// <summary>[texts, width], row-major.</summary>
    internal float[] Values { get; }

    internal ReadOnlySpan<float> Vector(int text) => Values.AsSpan(text * Width, Width);

    /// <summary>Those that have a label.</summary>
    internal EmbeddedExamples InScope()
    {
        var texts = Enumerable.Range(0, Count).Where(text => Labels[text] != OutOfScope).ToArray();
        return texts.Length == Count ? this : new EmbeddedExamples([.. texts.Select(text => Vector(text).ToArray())], [.. texts.Select(text => Labels[text])]);
    }
}
