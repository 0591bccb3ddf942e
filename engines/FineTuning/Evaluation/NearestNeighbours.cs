using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>
/// Tells the label that most of a text's k nearest training texts have, by cosine; a tie goes to the label whose votes are
/// nearer. Confidence is the share of the votes. How far the k-th neighbour is, is the out-of-scope score (Sun, Ming, Zhu and
/// Li, "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022).
/// </summary>
public sealed class NearestNeighbours : IBaseline
{
    private static readonly int[] Choices = [1, 3, 5, 10, 20];

    private readonly EmbeddedExamples training;

    /// <summary>With the k that has the best accuracy on the validation texts; the smallest of the best. 5 where there are none.</summary>
    /// <param name="training">At least one text with a label; the others are left out.</param>
    /// <param name="validation">May be empty.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="cancellationToken">Looked at between texts.</param>
    public NearestNeighbours(EmbeddedExamples training, EmbeddedExamples validation, int threads, CancellationToken cancellationToken)
    {
        this.training = training.InScope();
        ArgumentOutOfRangeException.ThrowIfZero(this.training.Count, nameof(training));
        var judged = validation.InScope();
        if (judged.Count == 0)
        {
            K = Math.Min(5, this.training.Count);
            return;
        }

        var neighbours = Find(judged, Choices[^1], threads, cancellationToken);
        K = Choices.Where(k => k <= this.training.Count)
            .MaxBy(k => Enumerable.Range(0, judged.Count).Count(text => Vote(neighbours[text], k).Label == judged.Labels[text]));
    }

    public string System => "nearest neighbour";

    /// <summary>Neighbours that vote.</summary>
    public int K { get; }

    public LabelPrediction[] Predict(EmbeddedExamples texts, int threads, CancellationToken cancellationToken) =>
        [.. Find(texts, K, threads, cancellationToken).Select(neighbours => Vote(neighbours, K))];

    /// <summary>By text, the nearest of the training texts that have a label, counted among those from 0: for baselines that copy what it says.</summary>
    public int[] Nearest(EmbeddedExamples texts, int threads, CancellationToken cancellationToken) =>
        [.. Find(texts, 1, threads, cancellationToken).Select(neighbours => neighbours[0].Text)];

    private LabelPrediction Vote((int Text, float Cosine)[] neighbours, int k)
    {
        var votes = neighbours.Take(k).GroupBy(neighbour => training.Labels[neighbour.Text])
            .Select(label => (Label: label.Key, Count: label.Count(), Cosine: label.Sum(neighbour => neighbour.Cosine)));
        var (winner, count, _) = votes.OrderByDescending(label => label.Count).ThenByDescending(label => label.Cosine).ThenBy(label => label.Label).First();
        return new LabelPrediction(winner, (double)count / k, 1 - neighbours[k - 1].Cosine);
    }

    /// <returns>By text, the nearest first; equally near ones in the order of training.</returns>
    private (int Text, float Cosine)[][] Find(EmbeddedExamples texts, int count, int threads, CancellationToken cancellationToken)
    {
        var found = new (int Text, float Cosine)[texts.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, texts.Count, options, text =>
        {
            var nearest = new PriorityQueue<int, (float Cosine, int Later)>(count + 1);
            for (var i = 0; i < training.Count; i++)
            {
                var cosine = VectorMath.Dot(texts.Vector(text), training.Vector(i));
                if (nearest.Count < count)
                {
                    nearest.Enqueue(i, (cosine, -i));
                }
                else
                {
                    nearest.EnqueueDequeue(i, (cosine, -i));
                }
            }

            var ordered = new (int Text, float Cosine)[nearest.Count];
            for (var i = ordered.Length - 1; nearest.TryDequeue(out var neighbour, out var place); i--)
            {
                ordered[i] = (neighbour, place.Cosine);
            }

            found[text] = ordered;
        });
        return found;
    }
}
