using RagPlatform.Numerics;
using RagPlatform.Tokenization;

namespace RagPlatform.Transformers.Static;

/// <summary>
/// Distils a sentence encoder into a static model for texts like those of a sample: each token's vector is chosen so that
/// the mean over a text comes nearest to the encoder's own vector of it, by ridge regression towards what the encoder
/// says of the token alone (Model2Vec's table, Tulkens and van Dongen 2024, made to fit as tokenlearn does). Frequent
/// tokens count for less (Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017).
/// Deterministic, whatever the number of threads. Not thread-safe.
/// </summary>
/// <remarks>Memory: the sample's vectors and token ids, the table, and four copies of the columns in work.</remarks>
/// <param name="teacher">The encoder; only its tokenizer is used.</param>
public sealed class StaticTrainer(ITextEmbedder teacher)
{
    /// <summary>Of a sample. With 384 numbers each, 50,000 vectors take 77 MB.</summary>
    public const int MaxTexts = 50_000;

    /// <summary>Numbers in a table: 512 MB of fp32.</summary>
    private const int MaxTableSize = 128 * 1024 * 1024;

    private const float Penalty = 0.03f;
    private const int Iterations = 15;

    private readonly int[] frame = teacher.Encode("", TextKind.Passage).Ids;
    private readonly List<int[]> texts = [];
    private readonly List<float[]> targets = [];

    public int Texts => texts.Count;

    /// <summary>Tokens whose vectors <see cref="Train"/> wants.</summary>
    public int Tokens => teacher.Tokenizer.VocabularySize;

    /// <summary>Adds a text of the sample. One without a token of its own adds nothing.</summary>
    /// <param name="text">As the encoder read it.</param>
    /// <param name="vector">The encoder's, of unit length.</param>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxTexts"/> already.</exception>
    public void Add(string text, float[] vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (texts.Count == MaxTexts)
        {
            throw new InvalidOperationException($"The sample has {MaxTexts} texts already, which is the most that it may have.");
        }

        int[] ids = [.. teacher.Encode(text, TextKind.Passage).Ids.Where(id => !frame.Contains(id))];
        if (ids.Length > 0)
        {
            texts.Add(ids);
            targets.Add(vector);
        }
    }

    /// <summary>A text that is one token and no more, for the encoder.</summary>
    /// <param name="id">0 to <see cref="Tokens"/> - 1.</param>
    public EncodedText TokenAlone(int id) => new([.. frame[..^1], id, frame[^1]], 0);

    /// <summary>The table for all tokens; those that the sample does not have keep what the encoder says of them alone.</summary>
    /// <param name="tokenVectors">The encoder's of <see cref="TokenAlone"/>, for each token in turn.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Looked at several times a second.</param>
    /// <exception cref="InvalidOperationException">The sample is empty.</exception>
    /// <exception cref="ArgumentException">There are not as many vectors as tokens, or more numbers than a table may have.</exception>
    public StaticTable Train(IReadOnlyList<float[]> tokenVectors, int threads, IProgress<double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenVectors);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (texts.Count == 0)
        {
            throw new InvalidOperationException("The sample has no text with a token.");
        }

        var width = targets[0].Length;
        if (tokenVectors.Count != Tokens || (long)Tokens * width > MaxTableSize)
        {
            throw new ArgumentException(
                $"{tokenVectors.Count} token vectors of {width} numbers; there must be {Tokens}, and {MaxTableSize} numbers at most.", nameof(tokenVectors));
        }

        var weights = TokenWeights.Of(texts, Tokens);
        var shares = TokenShares.Of(texts, weights);
        var table = TokenPrior.Fit(tokenVectors, shares, targets);
        Regress(table, shares, threads, progress, cancellationToken);
        for (var id = 0; id < Tokens; id++)
        {
            VectorMath.Scale(table.AsSpan(id * width, width), weights[id]);
        }

        return new StaticTable(table, width);
    }

    private void Regress(float[] table, TokenShares shares, int threads, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var width = targets[0].Length;
        var vectors = new float[shares.Tokens * width];
        foreach (var (column, id) in shares.TokenIds.Index())
        {
            table.AsSpan(id * width, width).CopyTo(vectors.AsSpan(column * width, width));
        }

        var (done, gate) = (0.0, new Lock());
        new RidgeRegression(shares, targets, Penalty).Solve(vectors, width, Iterations, threads, Report, cancellationToken);
        foreach (var (column, id) in shares.TokenIds.Index())
        {
            vectors.AsSpan(column * width, width).CopyTo(table.AsSpan(id * width, width));
        }

        void Report(double share)
        {
            lock (gate)
            {
                done += share;
                progress.Report(Math.Min(1, done));
            }
        }
    }
}
