using System.Globalization;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>What mixed precision costs in retrieval: nDCG@10 of the vectors alone, in both precisions.</summary>
internal static class PrecisionBench
{
    public static int Run(string model, string[] setFolders, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("rag-precision-").FullName;
        try
        {
            output.WriteLine("""
                # What mixed precision costs in retrieval

                nDCG@10 of the vectors alone (exact cosine), documents as title and text cut at the model's limit. Unrounded: the int4 model's
                linear weights each moved at random inside the step they were rounded to, which stands for a checkpoint in fp32; its
                weights are rounded to 6 bits (Rounded) where the int4 ones are kept as they are (Mixed).

                | set | documents | queries | weights | fp32 | Mixed or Rounded | difference |
                |---|---|---|---|---|---|---|
                """);
            Compare("as published", model, WeightPrecision.Mixed, setFolders, output);
            if (UnroundedModel.TryWrite(model, folder))
            {
                Compare("unrounded", folder, WeightPrecision.Rounded, setFolders, output);
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string weights, string model, WeightPrecision precision, string[] setFolders, TextWriter output)
    {
        var full = SentenceEncoder.Load(new ModelFolder(model));
        var other = SentenceEncoder.Load(new ModelFolder(model), precision: precision);
        foreach (var set in setFolders.Select(folder => new JudgedTexts(folder)))
        {
            double exact = set.NormalizedDiscountedCumulativeGain(full), near = set.NormalizedDiscountedCumulativeGain(other);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {set.Name} | {set.Documents:N0} | {set.Queries} | {weights} | {exact:.0000} | {near:.0000} | {Math.Round(near - exact, 4):+.0000;-.0000;.0000} |"));
            output.Flush();
        }
    }
}
