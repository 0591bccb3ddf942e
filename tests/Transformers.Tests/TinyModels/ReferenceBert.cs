namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>BERT's forward pass straight from its definition, in double precision and plain loops.</summary>
internal sealed class ReferenceBert(TinyBert model)
{
    public double[] MeanPooled(int[] ids) => UnitLength([.. Enumerable.Range(0, TinyBert.Hidden).Select(
        i => Forward(ids).Average(row => row[i]))]);

    public double[] FirstToken(int[] ids) => UnitLength(Forward(ids)[0]);

    private static double[] UnitLength(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private double[][] Forward(int[] ids)
    {
        var x = ids.Select((id, position) => Norm("embeddings.LayerNorm", Add(
            Row("embeddings.word_embeddings.weight", id),
            Row("embeddings.position_embeddings.weight", position),
            Row("embeddings.token_type_embeddings.weight", 0)))).ToArray();
        for (var layer = 0; layer < TinyBert.Layers; layer++)
        {
            x = Layer($"encoder.layer.{layer}.", x);
        }
        return x;
    }

    private double[][] Layer(string name, double[][] x)
    {
        var queries = Each(x, row => Linear(name + "attention.self.query", row));
        var keys = Each(x, row => Linear(name + "attention.self.key", row));
        var values = Each(x, row => Linear(name + "attention.self.value", row));
        var context = Each(x, _ => new double[TinyBert.Hidden]);
        const int size = TinyBert.Hidden / TinyBert.Heads;
        for (var first = 0; first < TinyBert.Hidden; first += size)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var powers = keys.Select(key => Math.Exp(
                    Enumerable.Range(first, size).Sum(d => queries[i][d] * key[d]) / Math.Sqrt(size))).ToArray();
                for (var d = first; d < first + size; d++)
                {
                    context[i][d] = values.Select((value, j) => powers[j] * value[d]).Sum() / powers.Sum();
                }
            }
        }
        x = [.. x.Select((row, i) => Norm(
            name + "attention.output.LayerNorm", Add(row, Linear(name + "attention.output.dense", context[i]))))];
        return Each(x, row => Norm(name + "output.LayerNorm", Add(row, Linear(
            name + "output.dense", [.. Linear(name + "intermediate.dense", row).Select(Gelu)]))));
    }

    private double[] Linear(string name, double[] x)
    {
        var bias = model.Tensors[name + ".bias"].Values;
        return [.. bias.Select((b, output) => b + Row(name + ".weight", output).Select((w, i) => w * x[i]).Sum())];
    }

    private double[] Norm(string name, double[] x)
    {
        var (gain, bias) = (model.Tensors[name + ".weight"].Values, model.Tensors[name + ".bias"].Values);
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + TinyBert.Epsilon);
        return [.. x.Select((value, i) => (value - mean) / deviation * gain[i] + bias[i])];
    }

    private double[] Row(string name, int row)
    {
        var (shape, values) = model.Tensors[name];
        return [.. values[(row * shape[1])..((row + 1) * shape[1])].Select(value => (double)value)];
    }

    private static double[] Add(params double[][] vectors) =>
        [.. Enumerable.Range(0, vectors[0].Length).Select(i => vectors.Sum(vector => vector[i]))];

    private static double[][] Each(double[][] rows, Func<double[], double[]> transform) => [.. rows.Select(transform)];

    /// <summary>x·½(1 + erf(x/√2)), with erf by its Taylor series, which converges for every x.</summary>
    private static double Gelu(double x)
    {
        var z = x / Math.Sqrt(2);
        double erf = 0, power = z;
        for (var n = 0; n < 200; n++)
        {
            erf += power / (2 * n + 1);
            power *= -z * z / (n + 1);
        }
        return x / 2 * (1 + 2 / Math.Sqrt(Math.PI) * erf);
    }
}
