using RagPlatform.Transformers.Static;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>A static model whose table holds random numbers: texts cost their tokenisation and a few additions, and vectors differ as their words do.</summary>
internal static class TrivialModel
{
    public const string Name = "random-table";
    private const int Seed = 20_261_120;

    /// <param name="folder">Created.</param>
    /// <param name="teacher">A model with vocab.txt or tokenizer.json, which is taken over.</param>
    /// <param name="dimension">Of its vectors.</param>
    public static void Write(string folder, string teacher, int dimension)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in StaticModelFiles.TokenizerFiles.Select(name => Path.Combine(teacher, name)).Where(File.Exists))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var tokens = File.ReadLines(Path.Combine(teacher, "vocab.txt")).Count();
        var random = new Random(Seed);
        var table = new StaticTable([.. Enumerable.Range(0, tokens * dimension).Select(_ => random.NextSingle() - 0.5f)], dimension);
        using (var configuration = File.Create(Path.Combine(folder, "config.json")))
        {
            StaticModelFiles.WriteConfiguration(configuration, table, Path.GetFileName(teacher));
        }

        using var weights = File.Create(Path.Combine(folder, "model.safetensors"));
        StaticModelFiles.WriteTable(weights, table);
    }
}
