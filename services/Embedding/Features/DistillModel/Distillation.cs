using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Embedding.Features.DistillModel;

/// <summary>One distillation, from its first passage to the model in the store.</summary>
/// <param name="teacher">What is distilled.</param>
/// <param name="model">The same, as it embeds.</param>
/// <param name="queues">Lead to the teacher.</param>
/// <param name="embedder">Remembers passages' vectors.</param>
/// <param name="store">Takes the new model.</param>
/// <param name="threads">That the table is fitted on.</param>
/// <param name="name">The new model's.</param>
/// <param name="expected">Passages that will come; 0 when not known.</param>
internal sealed class Distillation(
    LoadedEncoder teacher, LocalModel model, ModelQueues queues, RememberingEmbedder embedder, ModelStore store, int threads, string name, int expected)
{
    private const int TokensAtOnce = 256;
    private const int Percent = 100;

    private readonly StaticTrainer trainer = new(teacher.Embedder);
    private int passages;

    /// <summary>Passages with something in them to learn from.</summary>
    public int Texts => trainer.Texts;

    public async Task<DistillStep> AddAsync(EmbedInput input, CancellationToken cancellationToken)
    {
        if (trainer.Texts + input.Count > StaticTrainer.MaxTexts)
        {
            throw EmbeddingErrors.TooManyPassages(StaticTrainer.MaxTexts);
        }

        var texts = input.TextsFor(model);
        var result = await embedder.EmbedAsync(model, texts, JobPriority.Passage, refuseWhenFull: false, cancellationToken);
        foreach (var (text, embedding) in texts.Zip(result.Embeddings))
        {
            trainer.Add(text, embedding.Vector);
        }

        passages += input.Count;
        return Step(DistillSteps.Embedding, passages, Math.Max(passages, expected));
    }

    public async IAsyncEnumerable<DistillStep> FinishAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tokens = new List<float[]>(trainer.Tokens);
        foreach (var ids in Enumerable.Range(0, trainer.Tokens).Chunk(TokensAtOnce))
        {
            var result = await queues.Of(teacher.Computation).RunAsync(
                [.. ids.Select(trainer.TokenAlone)], JobPriority.Passage, refuseWhenFull: false, cancellationToken);
            tokens.AddRange(result.Outputs.Select(output => output.Vector));
            yield return Step(DistillSteps.Tokens, tokens.Count, trainer.Tokens);
        }

        // Only the latest percent is of interest, and a slow reader holds nobody up.
        var shares = Channel.CreateBounded<double>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var training = Task.Run(() => Train(tokens, shares.Writer, cancellationToken), cancellationToken);
        await foreach (var share in shares.Reader.ReadAllAsync(cancellationToken))
        {
            yield return Step(DistillSteps.Training, (long)(share * Percent), Percent);
        }

        var table = await training;
        yield return Step(DistillSteps.Writing, 0, 0);
        try
        {
            await store.AddAsync(name, (folder, token) => StaticFolder.WriteAsync(folder, table, teacher, token), new ProgressFeed(), cancellationToken);
        }
        catch (ModelPullException exception)
        {
            throw EmbeddingErrors.StoreFailed(exception.Message);
        }

        yield return Step(DistillSteps.Ready, 1, 1);
    }

    private StaticTable Train(List<float[]> tokens, ChannelWriter<double> shares, CancellationToken cancellationToken)
    {
        try
        {
            return trainer.Train(tokens, threads, new Shares(shares), cancellationToken);
        }
        finally
        {
            shares.Complete();
        }
    }

    private DistillStep Step(string step, long done, long total) => new(step, done, total, name);

    private sealed class Shares(ChannelWriter<double> writer) : IProgress<double>
    {
        public void Report(double value) => writer.TryWrite(value);
    }
}
