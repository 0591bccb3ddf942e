using System.Globalization;
using RagPlatform.Bench.Quality.Retrieval;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Bench.Quality.Static;

/// <summary>
/// What a static model distilled from an encoder is worth beside BM25 and beside the encoder itself: trained on all of a
/// set's documents (never on a query), on half of them, and on those of another collection.
/// </summary>
internal sealed class StaticBench(SentenceEncoder teacher, TextWriter output, TextWriter progress)
{
    private const int Threads = 2;
    private const int TokensAtOnce = 512;
    private const int OtherChunks = 20_000;

    private static readonly int[] Seeds = [1, 2];

    private float[][] tokenVectors = [];

    /// <param name="folder">Holds a BEIR folder for each set.</param>
    /// <param name="prepared">See <see cref="PreparedSet.Read"/>.</param>
    /// <param name="other">Name of a file in <paramref name="prepared"/> with the chunks of other documents.</param>
    public async Task RunAsync(string folder, string prepared, string other)
    {
        EmbedTokens();
        var transferred = Train([.. PreparedChunk.Read(Path.Combine(prepared, other), OtherChunks, teacher)]);
        await output.WriteLineAsync("| set | passages by | trained on | processor s | cosine to the encoder's | questions by | alone | with BM25 | with BM25, nothing after fusion |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            await MeasureAsync(PreparedSet.Read(path, prepared), transferred);
        }
    }

    private async Task MeasureAsync(PreparedSet set, Trained transferred)
    {
        var chunks = PreparedChunk.Of(set, teacher);
        var gains = new SetGains(set);
        var (lexical, withLinks) = await gains.MeasureLexicalAsync();
        var encoder = await gains.MeasureAsync([.. chunks.Select(chunk => chunk.Vector)], set.Vectors);
        await output.WriteLineAsync(Invariant($"| {set.Name} | BM25 alone | | | | | | {lexical:0.000} | {lexical:0.000} |"));
        await output.WriteLineAsync(Invariant($"| {set.Name} | BM25 and title links | | | | | | {withLinks:0.000} | |"));
        await output.WriteLineAsync(Invariant($"| {set.Name} | encoder | | | 1 | encoder | {encoder.Vector:0.000} | {encoder.Hybrid:0.000} | {encoder.Plain:0.000} |"));
        await MeasureAsync(gains, chunks, "all", Train(chunks));
        foreach (var seed in Seeds)
        {
            var documents = set.Documents.Select(document => document.DocumentId).ToArray();
            new Random(seed).Shuffle(documents);
            var half = documents.Take(documents.Length / 2).ToHashSet(StringComparer.Ordinal);
            await MeasureAsync(gains, chunks, $"half, seed {seed}", Train([.. chunks.Where(chunk => half.Contains(chunk.Document))]));
        }

        await MeasureAsync(gains, chunks, "other documents", transferred);
        MeasureSpeed(set.Name, chunks, transferred.Embedder);
    }

    private async Task MeasureAsync(SetGains gains, IReadOnlyList<PreparedChunk> chunks, string trainedOn, Trained trained)
    {
        var passages = Vectors(trained.Embedder, chunks.Select(chunk => chunk.Text));
        var cosine = passages.Zip(chunks, (vector, chunk) => (double)Numerics.VectorMath.Dot(vector, chunk.Vector)).Average();
        foreach (var (by, questions) in new[] { ("table", Vectors(trained.Embedder, gains.Set.Queries.Select(query => query.Text))), ("encoder", gains.Set.Vectors) })
        {
            var gain = await gains.MeasureAsync(passages, questions);
            await output.WriteLineAsync(Invariant(
                $"| {gains.Set.Name} | table | {trainedOn} | {trained.Seconds:0.0} | {cosine:0.000} | {by} | {gain.Vector:0.000} | {gain.Hybrid:0.000} | {gain.Plain:0.000} |"));
        }
    }

    private void MeasureSpeed(string set, IReadOnlyList<PreparedChunk> chunks, StaticEmbedder embedder)
    {
        string[] sentences = [.. chunks.SelectMany(chunk => SentenceSplitter.Split(chunk.Text).Select(range => chunk.Text[range]))];
        Vectors(embedder, sentences);
        var begin = Environment.CpuUsage.TotalTime;
        Vectors(embedder, sentences);
        var seconds = (Environment.CpuUsage.TotalTime - begin).TotalSeconds;
        progress.WriteLine(Invariant($"{set}: {sentences.Length / seconds:0} sentences of {sentences.Average(sentence => sentence.Length):0} characters per second of processor time"));
    }

    private static List<float[]> Vectors(StaticEmbedder embedder, IEnumerable<string> texts) =>
        [.. embedder.EmbedPassages([.. texts], 1, CancellationToken.None).Select(embedding => embedding.Vector)];

    private void EmbedTokens()
    {
        var begin = Environment.CpuUsage.TotalTime;
        var trainer = new StaticTrainer(teacher);
        tokenVectors = [.. Enumerable.Range(0, trainer.Tokens).Chunk(TokensAtOnce).SelectMany(ids =>
            teacher.Embed([.. ids.Select(trainer.TokenAlone)], Threads, CancellationToken.None)).Select(embedding => embedding.Vector)];
        progress.WriteLine(Invariant($"{tokenVectors.Length} tokens by the encoder: {(Environment.CpuUsage.TotalTime - begin).TotalSeconds:0.0} s of processor time"));
    }

    private Trained Train(IReadOnlyCollection<PreparedChunk> chunks)
    {
        var begin = Environment.CpuUsage.TotalTime;
        var trainer = new StaticTrainer(teacher);
        foreach (var chunk in chunks)
        {
            trainer.Add(chunk.Text, chunk.Vector);
        }

        var table = trainer.Train(tokenVectors, Threads, new Progress<double>(), CancellationToken.None);
        var seconds = (Environment.CpuUsage.TotalTime - begin).TotalSeconds;
        progress.WriteLine(Invariant($"{chunks.Count} chunks: {seconds:0.0} s of processor time"));
        return new Trained(new StaticEmbedder(table, teacher.Tokenizer, maxTokens: int.MaxValue, questions: null), seconds);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Seconds">Of processor time, without the encoder's work.</param>
    private sealed record Trained(StaticEmbedder Embedder, double Seconds);
}
