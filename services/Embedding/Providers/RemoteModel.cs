using System.Globalization;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Providers;

/// <summary>A model behind a provider's endpoint. How its vectors come about is the provider's affair; that they are usable is checked here.</summary>
internal sealed class RemoteModel : IEmbeddingModel, IDisposable
{
    private const string DimensionProbe = "dimension";

    private readonly ProviderOptions options;
    private readonly EmbeddingsEndpoint endpoint;
    private readonly RemoteSlots slots;
    private readonly TimeProvider time;
    private int dimension;

    public RemoteModel(string provider, ProviderOptions options, EmbeddingOptions service, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.time = time;
        Provider = provider;
        Id = $"{provider}/{options.Model}";
        endpoint = new EmbeddingsEndpoint(provider, options, time, logger);
        slots = new RemoteSlots(Id, options.MaxConcurrency, service, time);
        dimension = options.Dimension;
    }

    public string Id { get; }

    public string Provider { get; }

    /// <summary>0 before <see cref="ConnectAsync"/>, where no option says it.</summary>
    public int Dimension => Volatile.Read(ref dimension);

    public int MaxTokens => options.MaxTokens;

    /// <summary>Guessed.</summary>
    public int PassagePrefixTokens => options.PassagePrefix.Length == 0 ? 0 : GuessTokens(options.PassagePrefix);

    /// <summary>Other weights under the same name cannot be told apart.</summary>
    public string Fingerprint => string.Create(
        CultureInfo.InvariantCulture, $"{Id}\n{options.BaseAddress}\n{Dimension}\n{options.SendDimension}\n{options.PassagePrefix}");

    /// <summary>Asks for the dimension, once, where no option says it.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The provider failed.</exception>
    public async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        if (Dimension == 0)
        {
            await EmbedAsync([DimensionProbe], JobPriority.Query, refuseWhenFull: true, cancellationToken);
        }
    }

    public string ComposePassage(string title, IReadOnlyList<string> headingPath, string text) =>
        PassageText.Compose(title, headingPath, text, options.MaxTokens - GuessTokens(options.PassagePrefix) - GuessTokens(text), GuessTokens);

    public async Task<ModelAnswer> EmbedAsync(IReadOnlyList<string> texts, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        var prefix = priority is JobPriority.Query ? options.QueryPrefix : options.PassagePrefix;
        var inputs = texts.Select(text => prefix + text).ToArray();
        var tokens = inputs.Sum(ReadTokens);
        var start = time.GetTimestamp();
        using var place = slots.Admit(inputs.Length, tokens, priority, refuseWhenFull);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = await Task.WhenAll(Batches(inputs).Select(SendAsync));
        var queueTime = answers.Min(answer => answer.Waited);
        return new ModelAnswer(
            [.. answers.SelectMany(answer => answer.Answer.Vectors).Select(vector => new TextEmbedding(vector, 0, 0))],
            answers.Sum(answer => answer.Answer.Tokens),
            queueTime.TotalMilliseconds,
            (time.GetElapsedTime(start) - queueTime).TotalMilliseconds);

        async Task<(TimeSpan Waited, EmbeddingsAnswer Answer)> SendAsync(string[] batch)
        {
            try
            {
                using var slot = await slots.EnterAsync(batch.Sum(ReadTokens), priority, failed.Token);
                var waited = time.GetElapsedTime(start);
                var answer = await endpoint.EmbedAsync(batch, failed.Token);
                CheckDimension(answer.Vectors[0].Length);
                return (waited, answer);
            }
            catch
            {
                // The texts are answered together or not at all.
                await failed.CancelAsync();
                throw;
            }
        }
    }

    public void Dispose()
    {
        endpoint.Dispose();
        slots.Dispose();
    }

    /// <summary>The provider's tokenizer is not known here; English has about 4 characters a token, other text fewer.</summary>
    private static int GuessTokens(string text) => (text.Length / 3) + 1;

    private int ReadTokens(string input) => Math.Min(GuessTokens(input), options.MaxTokens);

    private IEnumerable<string[]> Batches(string[] inputs)
    {
        var maxTokens = options.BatchTokens == 0 ? int.MaxValue : options.BatchTokens;
        for (var from = 0; from < inputs.Length;)
        {
            var (to, tokens) = (from, 0L);
            while (to < inputs.Length && to - from < options.BatchTexts && (to == from || tokens + ReadTokens(inputs[to]) <= maxTokens))
            {
                tokens += ReadTokens(inputs[to++]);
            }

            yield return inputs[from..to];
            from = to;
        }
    }

    /// <summary>The first answer fixes it.</summary>
    private void CheckDimension(int answered)
    {
        var fixedAt = Interlocked.CompareExchange(ref dimension, answered, 0);
        if (fixedAt != 0 && fixedAt != answered)
        {
            throw ProviderErrors.OtherDimension(Provider, answered, fixedAt);
        }
    }
}
