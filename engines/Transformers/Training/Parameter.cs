namespace RagPlatform.Transformers.Training;

/// <summary>Values that are trained, [rows, columns], with the gradient of the loss that a step has gathered so far.</summary>
/// <param name="name">Unique in its model; the name of its tensor where it is stored.</param>
/// <param name="values">[rows, columns], row-major; changed in place by the optimizer.</param>
/// <param name="columns">Length of a row; divides the number of values.</param>
/// <param name="decays">Whether weight decay applies: to matrices, not to biases and norms (Loshchilov and Hutter 2019, arXiv:1711.05101).</param>
/// <param name="isSparse">Most rows get no gradient in a step, as with word embeddings: only the touched ones are read, cleared and updated.</param>
public sealed class Parameter(string name, float[] values, int columns, bool decays, bool isSparse = false)
{
    private readonly HashSet<int> touched = [];
    private float[]? gradient;

    public string Name => name;

    public float[] Values => values;

    /// <summary>As <see cref="Values"/>; there from its first use on, which is not thread-safe: what stays frozen needs none.</summary>
    public float[] Gradient => gradient ??= new float[values.Length];

    public int Rows => values.Length / columns;

    public int Columns => columns;

    public bool Decays => decays;

    public bool IsSparse => isSparse;

    /// <summary>Of a sparse one: rows whose gradient was added to since the last <see cref="ClearGradient"/>.</summary>
    public IReadOnlyCollection<int> TouchedRows => touched;

    /// <summary>A sparse one's row is about to get a gradient. Not thread-safe.</summary>
    public void Touch(int row) => touched.Add(row);

    public void ClearGradient()
    {
        if (!isSparse)
        {
            Array.Clear(Gradient);
            return;
        }
        foreach (var row in touched)
        {
            Array.Clear(Gradient, row * columns, columns);
        }
        touched.Clear();
    }
}
