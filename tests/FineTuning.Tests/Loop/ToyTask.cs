using RagPlatform.FineTuning.Loop;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Tests.Loop;

/// <summary>Softmax regression on the sum of word vectors, with noise in place of dropout: small, but with all that a loop can get wrong.</summary>
internal sealed class ToyTask : ITrainingTask
{
    private const int Words = 23, Width = 5, Classes = 3;

    private readonly int[][] texts;
    private readonly Parameter embeddings = new("embeddings", Values(Words * Width, 1), Width, decays: true, isSparse: true);
    private readonly Parameter head = new("head", Values(Classes * Width, 2), Width, decays: true);
    private readonly Parameter bias = new("bias", new float[Classes], Classes, decays: false);

    public ToyTask(int examples = 24)
    {
        var random = new Random(5);
        texts = [.. Enumerable.Range(0, examples).Select(_ => Enumerable.Range(0, 1 + random.Next(7)).Select(_ => random.Next(Words)).ToArray())];
        ExampleTokens = [.. texts.Select(text => text.Length)];
    }

    public IReadOnlyList<Parameter> Parameters => [embeddings, head, bias];

    public IReadOnlyList<int> ExampleTokens { get; }

    public string Identity { get; init; } = "toy";

    public bool CanValidate { get; init; } = true;

    public double Noise { get; init; } = 0.1;

    /// <summary>Called before every batch.</summary>
    public Action BeforeBatch { get; set; } = () => { };

    /// <summary>The validation's score by how often it was asked for; minus the loss when null.</summary>
    public Func<int, double>? Score { get; init; }

    public int Validations { get; private set; }

    public List<int[]> Batches { get; } = [];

    /// <summary>All values, for comparison bit by bit.</summary>
    public float[] State => [.. Parameters.SelectMany(parameter => parameter.Values)];

    public StepLoss Accumulate(ReadOnlySpan<int> examples, double scale, ulong seed, CancellationToken cancellationToken)
    {
        BeforeBatch();
        Batches.Add(examples.ToArray());
        var (loss, tokens) = (0.0, 0);
        foreach (var example in examples)
        {
            var noise = new Random((int)(RandomSeed.Derive(seed, (ulong)example) >> 33)).NextDouble() * Noise;
            loss += Pass(texts[example], noise, (float)(scale / examples.Length)) / examples.Length;
            tokens += texts[example].Length;
        }

        return new StepLoss(loss, tokens);
    }

    public ValidationResult Validate(CancellationToken cancellationToken)
    {
        var loss = texts.Average(text => Pass(text, noise: 0, scale: 0));
        var score = Score?.Invoke(Validations) ?? -loss;
        Validations++;
        return new ValidationResult(loss, score, new Dictionary<string, double> { ["accuracy"] = 0.5 });
    }

    private double Pass(int[] text, double noise, float scale)
    {
        var label = text[0] % Classes;
        var hidden = new float[Width];
        foreach (var word in text)
        {
            for (var i = 0; i < Width; i++)
            {
                hidden[i] += embeddings.Values[(word * Width) + i] + (float)noise;
            }
        }

        var scores = Enumerable.Range(0, Classes).Select(k => Math.Exp(bias.Values[k] + Enumerable.Range(0, Width).Sum(i => head.Values[(k * Width) + i] * hidden[i]))).ToArray();
        var shares = scores.Select(score => score / scores.Sum()).ToArray();
        for (var k = 0; k < Classes && scale > 0; k++)
        {
            var slope = (float)(shares[k] - (k == label ? 1 : 0)) * scale;
            bias.Gradient[k] += slope;
            for (var i = 0; i < Width; i++)
            {
                head.Gradient[(k * Width) + i] += slope * hidden[i];
                foreach (var word in text)
                {
                    embeddings.Touch(word);
                    embeddings.Gradient[(word * Width) + i] += slope * head.Values[(k * Width) + i];
                }
            }
        }

        return -Math.Log(shares[label]);
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
