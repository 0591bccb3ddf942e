using RagPlatform.Transformers;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>The product's own encoder; every text is embedded once.</summary>
internal sealed class TextVectors(string folder)
{
    private readonly SentenceEncoder encoder = SentenceEncoder.Load(new DirectoryModelFiles(folder));
    private readonly Dictionary<string, float[]> known = [];

    public int Dimension => encoder.Dimension;

    public float[] this[string text] => known[text];

    public void Add(IEnumerable<string> texts)
    {
        var fresh = texts.Where(text => !known.ContainsKey(text)).Distinct().ToArray();
        var vectors = encoder.EmbedPassages(fresh, Environment.ProcessorCount, CancellationToken.None);
        for (var i = 0; i < fresh.Length; i++)
        {
            known.Add(fresh[i], vectors[i].Vector);
        }
    }

    public static double Cosine(float[] left, float[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
