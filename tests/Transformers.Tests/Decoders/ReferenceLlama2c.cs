namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>
/// llama2.c's run.c as it stands, line for line, in fp64 and in plain loops: forward() and the greedy choice. It shares
/// nothing with the engine.
/// </summary>
internal sealed class ReferenceLlama2c
{
    private readonly int dim, wide, layers, heads, keyHeads, vocabulary, headSize, keyDim;
    private readonly float[] w;
    private readonly long tokens, attentionNorm, wq, wk, wv, wo, feedForwardNorm, w1, w2, w3, lastNorm;
    private readonly double[,,] keys, values;

    public ReferenceLlama2c(byte[] file)
    {
        var head = Enumerable.Range(0, 7).Select(i => BitConverter.ToInt32(file, 4 * i)).ToArray();
        (dim, wide, layers, heads, keyHeads, vocabulary) = (head[0], head[1], head[2], head[3], head[4], head[5]);
        headSize = dim / heads;
        keyDim = keyHeads * headSize;
        w = new float[(file.Length - 28) / 4];
        Buffer.BlockCopy(file, 28, w, 0, 4 * w.Length);
        long at = 0;
        long Next(long count)
        {
            at += count;
            return at - count;
        }
        tokens = Next((long)vocabulary * dim);
        attentionNorm = Next((long)layers * dim);
        wq = Next((long)layers * dim * dim);
        wk = Next((long)layers * dim * keyDim);
        wv = Next((long)layers * dim * keyDim);
        wo = Next((long)layers * dim * dim);
        feedForwardNorm = Next((long)layers * dim);
        w1 = Next((long)layers * dim * wide);
        w2 = Next((long)layers * dim * wide);
        w3 = Next((long)layers * dim * wide);
        lastNorm = Next(dim);
        keys = new double[layers, head[6], keyDim];
        values = new double[layers, head[6], keyDim];
    }

    public int[] Greedy(int first, int count)
    {
        var ids = new int[count];
        var token = first;
        for (var position = 0; position < count; position++)
        {
            var logits = Forward(token, position);
            token = Array.IndexOf(logits, logits.Max());
            ids[position] = token;
        }
        return ids;
    }

    private double[] Forward(int token, int position)
    {
        var x = Enumerable.Range(0, dim).Select(i => (double)w[tokens + (long)token * dim + i]).ToArray();
        for (var l = 0; l < layers; l++)
        {
            var xb = Norm(x, attentionNorm + (long)l * dim);
            var q = Product(wq + (long)l * dim * dim, xb, dim);
            var k = Product(wk + (long)l * dim * keyDim, xb, keyDim);
            var v = Product(wv + (long)l * dim * keyDim, xb, keyDim);
            for (var i = 0; i < dim; i += 2)
            {
                var angle = position * (1.0 / Math.Pow(10000.0, i % headSize / (double)headSize));
                Rotate(q, i, angle);
                if (i < keyDim)
                {
                    Rotate(k, i, angle);
                }
            }
            for (var i = 0; i < keyDim; i++)
            {
                (keys[l, position, i], values[l, position, i]) = (k[i], v[i]);
            }
            x = Sum(x, Product(wo + (long)l * dim * dim, Attention(l, q, position), dim));

            xb = Norm(x, feedForwardNorm + (long)l * dim);
            var hb = Product(w1 + (long)l * dim * wide, xb, wide);
            var hb2 = Product(w3 + (long)l * dim * wide, xb, wide);
            for (var i = 0; i < wide; i++)
            {
                hb[i] = hb[i] * (1.0 / (1.0 + Math.Exp(-hb[i]))) * hb2[i];
            }
            x = Sum(x, Product(w2 + (long)l * dim * wide, hb, dim));
        }
        return Product(tokens, Norm(x, lastNorm), vocabulary);
    }

    private double[] Attention(int l, double[] q, int position)
    {
        var result = new double[dim];
        for (var h = 0; h < heads; h++)
        {
            var from = h / (heads / keyHeads) * headSize;
            var scores = new double[position + 1];
            for (var t = 0; t <= position; t++)
            {
                for (var i = 0; i < headSize; i++)
                {
                    scores[t] += q[h * headSize + i] * keys[l, t, from + i];
                }
                scores[t] /= Math.Sqrt(headSize);
            }
            var highest = scores.Max();
            var powers = Array.ConvertAll(scores, score => Math.Exp(score - highest));
            var sum = powers.Sum();
            for (var t = 0; t <= position; t++)
            {
                for (var i = 0; i < headSize; i++)
                {
                    result[h * headSize + i] += powers[t] / sum * values[l, t, from + i];
                }
            }
        }
        return result;
    }

    private double[] Product(long weight, double[] x, int outputs)
    {
        var y = new double[outputs];
        for (var i = 0; i < outputs; i++)
        {
            for (var j = 0; j < x.Length; j++)
            {
                y[i] += w[weight + (long)i * x.Length + j] * x[j];
            }
        }
        return y;
    }

    private double[] Norm(double[] x, long gain)
    {
        var scale = 1.0 / Math.Sqrt(x.Sum(value => value * value) / x.Length + 1e-5);
        return [.. x.Select((value, i) => w[gain + i] * (scale * value))];
    }

    private static void Rotate(double[] x, int i, double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        (x[i], x[i + 1]) = (x[i] * cosine - x[i + 1] * sine, x[i] * sine + x[i + 1] * cosine);
    }

    private static double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (left, right) => left + right)];
}
