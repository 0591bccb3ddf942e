namespace RagPlatform.Transformers.Generation;

/// <summary>
/// Chooses the next token: temperature, then top-k, then top-p of what is left, then min-p, then a draw; the order of
/// Hugging Face transformers. For one text, used by one caller at a time; allocates only when it is made.
/// </summary>
/// <param name="settings">Checked.</param>
/// <param name="vocabularySize">Length of the logits.</param>
/// <param name="random">Draws; a seeded one repeats itself.</param>
public sealed class TokenSampler(SamplingSettings settings, int vocabularySize, Random random)
{
    private static readonly Comparer<float> Descending = Comparer<float>.Create((left, right) => right.CompareTo(left));

    private readonly float[] _weights = new float[vocabularySize];
    private readonly int[] _ids = new int[vocabularySize];

    /// <summary>A token's id.</summary>
    /// <param name="logits">One per token; negative infinity for those that must not be chosen.</param>
    /// <exception cref="InvalidOperationException">No token may be chosen, or a logit is not a number.</exception>
    public int Sample(ReadOnlySpan<float> logits)
    {
        if (logits.Length != vocabularySize)
        {
            throw new ArgumentException($"There are {logits.Length} logits for {vocabularySize} tokens.", nameof(logits));
        }

        var likeliest = IndexOfHighest(logits);
        var highest = logits[likeliest];
        if (!float.IsFinite(highest))
        {
            throw new InvalidOperationException($"The likeliest token's logit is {highest}: nothing may be chosen, or the model is damaged.");
        }

        if (settings.Temperature == 0 || settings.TopK == 1)
        {
            return likeliest;
        }

        var count = 0;
        var sum = 0.0;
        for (var id = 0; id < logits.Length; id++)
        {
            var weight = (float)Math.Exp((logits[id] - highest) / settings.Temperature);
            if (weight > 0)
            {
                (_ids[count], _weights[count]) = (id, weight);
                count++;
                sum += weight;
            }
        }

        return Draw(Restrict(count, sum));
    }

    /// <summary>Puts those that stay to the front and returns how many they are.</summary>
    private int Restrict(int count, double sum)
    {
        if (settings.TopK > 0 || settings.TopP < 1)
        {
            count = Shortlist(count, sum);
            Array.Sort(_weights, _ids, 0, count, Descending);
            if (settings.TopK > 0)
            {
                count = Math.Min(count, settings.TopK);
                sum = Sum(count);
            }

            var covered = 0.0;
            for (var i = 0; i < count && settings.TopP < 1; i++)
            {
                covered += _weights[i];
                if (covered >= settings.TopP * sum)
                {
                    count = i + 1;
                }
            }
        }

        // The likeliest has the weight 1.
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_weights[i] >= settings.MinP)
            {
                (_ids[kept], _weights[kept]) = (_ids[i], _weights[i]);
                kept++;
            }
        }

        return kept;
    }

    /// <summary>
    /// Puts the likely ones to the front, so that few need be sorted: all above a weight that is lowered until the ones
    /// that top-k or top-p keeps are among them.
    /// </summary>
    private int Shortlist(int count, double sum)
    {
        for (var least = 1e-3f; least > 1e-30f; least *= 1e-3f)
        {
            var (front, covered) = (0, 0.0);
            for (var i = 0; i < count; i++)
            {
                if (_weights[i] >= least)
                {
                    (_ids[front], _ids[i]) = (_ids[i], _ids[front]);
                    (_weights[front], _weights[i]) = (_weights[i], _weights[front]);
                    covered += _weights[front++];
                }
            }

            if (settings.TopK > 0 ? front >= settings.TopK : covered >= settings.TopP * sum)
            {
                return front;
            }
        }

        return count;
    }

    private static int IndexOfHighest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (logits[id] > logits[best])
            {
                best = id;
            }
            else if (float.IsNaN(logits[id]))
            {
                return id;
            }
        }

        return best;
    }

    private int Draw(int count)
    {
        var left = random.NextDouble() * Sum(count);
        for (var i = 0; i < count - 1; i++)
        {
            left -= _weights[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[count - 1];
    }

    private double Sum(int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += _weights[i];
        }

        return sum;
    }
}
