using System.Diagnostics;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>
/// Our encoder beside ONNX Runtime on the same weights: whether the vectors are the same, and sentences a second.
/// Both sides are given token ids and give vectors of unit length; they take turns, and medians are reported.
/// </summary>
internal sealed class EncodersBench : IDisposable
{
    private const int Texts = 32;
    private const int ParityTexts = 1000;
    private const int BatchOfParity = 32;

    private readonly string _work = Directory.CreateTempSubdirectory("rag-encoders-").FullName;
    private readonly ModelFolder _files;
    private readonly string _chunks;
    private readonly OnnxRuntimePeer _peer;
    private readonly EncodersReport _report;
    private readonly int _rounds;

    public EncodersBench(string model, string chunks, string peerFolder, int rounds, TextWriter output)
    {
        _files = new ModelFolder(model);
        _chunks = chunks;
        _rounds = rounds;
        _report = new EncodersReport(output);
        using (var weights = ModelWeights.Open(_files))
        {
            using var stream = _files.Open("config.json");
            var config = BertConfig.Read(stream);
            var names = BertNames.Of(weights);
            Config = config;
            new OnnxEncoder(config, weights, names, int8: false).WriteTo(Full);
            new OnnxEncoder(config, weights, names, int8: true).WriteTo(Int8);
        }
        _peer = new OnnxRuntimePeer(peerFolder);
    }

    private BertConfig Config { get; }

    private string Full => Path.Combine(_work, "fp32.onnx");

    private string Int8 => Path.Combine(_work, "int8.onnx");

    public void Run()
    {
        var full = SentenceEncoder.Load(_files);
        var mixed = SentenceEncoder.Load(_files, precision: WeightPrecision.Mixed);
        var parity = Workload.Chunks(_chunks, ParityTexts, full);
        var batches = parity.Write(BatchOfParity, _work);
        var reference = _peer.Vectors(Full, batches, _work);
        _report.WriteHead(parity);
        _report.WriteParity("ours fp32", Cosines(Vectors(full, parity), reference));
        _report.WriteParity("ours mixed", Cosines(Vectors(mixed, parity), reference));
        _report.WriteParity("ONNX Runtime dynamic int8", Cosines(_peer.Vectors(Int8, batches, _work), reference));

        Workload[] workloads = [Workload.Cut(_chunks, Texts, full), Workload.Chunks(_chunks, Texts, full)];
        foreach (var threads in new[] { 1, 2 })
        {
            var peak = MultiplyPeak.GigaflopsPerSecond(threads);
            _report.WriteSpeedHead(threads, peak);
            foreach (var workload in workloads)
            {
                foreach (var size in new[] { 1, 32 })
                {
                    var operations = workload.Texts.Sum(text => Operations(text.Ids.Length));
                    _report.WriteSpeed(workload, size, Compare(workload, size, threads, full, mixed), operations, peak);
                }
            }
        }
    }

    public void Dispose()
    {
        _peer.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    private Comparison Compare(Workload workload, int size, int threads, SentenceEncoder full, SentenceEncoder mixed)
    {
        var batches = workload.Write(size, _work);
        var rounds = Enumerable.Range(0, _rounds + 1).Select(_ => new[]
        {
            Ours(full, workload, size, threads), _peer.Seconds(Full, threads, batches),
            Ours(mixed, workload, size, threads), _peer.Seconds(Int8, threads, batches),
        }).ToArray()[1..];
        return new Comparison(Median(0), Median(1), Median(2), Median(3));

        double Median(int column) => rounds.Select(round => round[column]).Order().ElementAt(_rounds / 2);
    }

    private static double Ours(SentenceEncoder encoder, Workload workload, int size, int threads)
    {
        var batches = workload.Batches(size);
        var begin = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            encoder.Embed(batch, threads, CancellationToken.None);
        }
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static float[][] Vectors(SentenceEncoder encoder, Workload workload) =>
        [.. encoder.Embed(workload.Texts, 2, CancellationToken.None).Select(embedding => embedding.Vector)];

    private static double[] Cosines(float[][] vectors, float[] reference) =>
        [.. vectors.Select((vector, i) => (double)VectorMath.Dot(vector, reference.AsSpan(i * vector.Length, vector.Length)))];

    private static double[] Cosines(float[] vectors, float[] reference) =>
        Cosines([.. vectors.Chunk(vectors.Length / ParityTexts)], reference);

    /// <summary>Multiplications and additions of the matrix products for one text.</summary>
    private double Operations(int tokens) => 2.0 * Config.Layers * tokens
        * ((4.0 * Config.HiddenSize * Config.HiddenSize) + (2.0 * Config.HiddenSize * Config.IntermediateSize) + (2.0 * tokens * Config.HiddenSize));
}

/// <summary>Median seconds for all texts of a workload.</summary>
internal sealed record Comparison(double Full, double PeerFull, double Mixed, double PeerInt8);
