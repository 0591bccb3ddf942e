using System.Globalization;
using System.Runtime.InteropServices;

namespace RagPlatform.Bench.Engines.Encoders;

internal sealed class EncodersReport(TextWriter output)
{
    public void WriteHead(Workload parity) => Write($"""
        # The encoder beside ONNX Runtime

        all-MiniLM-L6-v2, the weights as our readers give them, written anew for onnxruntime-node 1.30 with the operators that it is
        fastest with: those of com.microsoft that its transformer optimiser fuses BERT into (EmbedLayerNormalization, Attention, BiasGelu;
        in dynamic int8 QAttention and DynamicQuantizeMatMul, weights int8 with a scale per output column), but LayerNormalization for
        SkipLayerNormalization, and its own optimiser held to "basic", which otherwise makes the one of the other and loses a tenth of the
        fp32 speed and a quarter of the int8 speed by it. Mean pooling and unit length included.
        Both sides are given token ids and give vectors. Texts are sorted by length, which spares the peer padding. They take turns, ours
        fp32, theirs fp32, ours mixed, theirs int8; medians. {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores.

        ## Parity: cosine to ONNX Runtime's fp32, {parity.Texts.Length:N0} chunks of documentation, {parity.MeanTokens:0} tokens on average

        | | lowest | mean |
        |---|---|---|
        """);

    public void WriteParity(string name, double[] cosines) => Write($"| {name} | {cosines.Min():0.000000} | {cosines.Average():0.000000} |");

    public void WriteSpeedHead(int threads, double peak) => Write($"""

        ## Sentences a second, {threads} thread{(threads == 1 ? "" : "s")}

        Of the peak: of {peak:0} fp32 Gflop/s, measured in this run with a loop of multiply-adds in registers.

        | texts | batch | ours fp32 | ONNX Runtime fp32 | ratio | of the peak | ours mixed | ONNX Runtime int8 | ratio |
        |---|---|---|---|---|---|---|---|---|
        """);

    public void WriteSpeed(Workload workload, int batch, Comparison seconds, double operations, double peak)
    {
        var count = workload.Texts.Length;
        Write($"| {workload.Name} ({workload.MeanTokens:0} on average) | {batch} | {count / seconds.Full:0.0} | {count / seconds.PeerFull:0.0} | {seconds.PeerFull / seconds.Full:0.00} | {operations / seconds.Full / 1e9 / peak:0%} | {count / seconds.Mixed:0.0} | {count / seconds.PeerInt8:0.0} | {seconds.PeerInt8 / seconds.Mixed:0.00} |");
    }

    private void Write(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
