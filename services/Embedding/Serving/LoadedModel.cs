using RagPlatform.Embedding.Models;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Embedding.Serving;

/// <summary>A model in memory.</summary>
/// <param name="Folder">Its files.</param>
internal abstract record LoadedModel(ModelFolder Folder)
{
    public string Id => Folder.Id;

    public abstract ModelKind Kind { get; }

    /// <summary>Length of its vectors; 0 where it makes none.</summary>
    public abstract int Dimension { get; }

    /// <summary>That it reads at once, special ones included.</summary>
    public abstract int MaxTokens { get; }

    /// <summary>For people: what it makes of texts.</summary>
    public string Purpose => Dimension > 0 ? $"{Dimension} dimensions" : "reranks";

    /// <exception cref="Grpc.Errors.ServiceException">It makes no vectors.</exception>
    public LoadedEncoder RequireEncoder() => this as LoadedEncoder ?? throw EmbeddingErrors.OtherKind(Id, Kind, "makes no vectors", "an encoder");

    /// <exception cref="Grpc.Errors.ServiceException">It reranks nothing.</exception>
    public LoadedReranker RequireReranker() => this as LoadedReranker ?? throw EmbeddingErrors.OtherKind(Id, Kind, "reranks nothing", "a reranker");

    /// <summary>Reads the model.</summary>
    /// <param name="folder">Its files.</param>
    /// <param name="precision">How exactly an encoder computes; rerankers are exact.</param>
    /// <param name="cancellationToken">Looked at between files' parts.</param>
    /// <exception cref="InvalidDataException">The files are no model this engine knows.</exception>
    public static LoadedModel Load(ModelFolder folder, WeightPrecision precision, CancellationToken cancellationToken)
    {
        using var configuration = folder.Open("config.json");
        return ModelConfiguration.Read(configuration).Kind switch
        {
            ModelKind.Encoder => Encoder(folder, SentenceEncoder.Load(folder, NamesOf(folder), folder.Prefixes, precision), cancellationToken),
            // Its vectors cost no more to compute than to find.
            ModelKind.Static => new LoadedEncoder(folder, StaticEmbedder.Load(folder, precision)),
            ModelKind.Reranker => new LoadedReranker(folder, CrossEncoder.Load(folder)),
            var kind => throw new InvalidDataException($"It is of kind {kind}, which this service does not run; encoders, static models and rerankers are."),
        };
    }

    /// <summary>That of the repository or folder it came from and its own: either may tell its family.</summary>
    internal static string NamesOf(ModelFolder folder) =>
        folder.Source == ModelFolder.PutByHand ? folder.Id : $"{Path.GetFileName(folder.Source.Split('@')[0])}-{folder.Id}";

    /// <remarks>A prefix need not be in the model's files, nor how its family pools.</remarks>
    private static LoadedEncoder Encoder(ModelFolder folder, SentenceEncoder embedder, CancellationToken cancellationToken)
    {
        var files = ModelFingerprint.Of(folder, embedder.Precision, cancellationToken);
        return new(folder, embedder) { FilesFingerprint = files, Fingerprint = $"{files}\0{NamesOf(folder)}\0{embedder.PrefixOf(TextKind.Passage)}" };
    }
}

/// <summary>Turns texts into vectors.</summary>
/// <param name="Embedder">Computes; one call at a time uses the machine best.</param>
internal sealed record LoadedEncoder(ModelFolder Folder, ITextEmbedder Embedder) : LoadedModel(Folder)
{
    public override ModelKind Kind => Embedder is StaticEmbedder ? ModelKind.Static : ModelKind.Encoder;

    /// <summary>The key of its queue: one for as long as the model is in memory.</summary>
    public EmbedComputation Computation { get; } = new(Folder.Id, Embedder);

    /// <summary>Of its files as they were loaded (<see cref="ModelFingerprint"/>); empty where its vectors are not remembered.</summary>
    public string FilesFingerprint { get; init; } = "";

    /// <summary>See <see cref="IEmbeddingModel.Fingerprint"/>; null where vectors are not to be remembered.</summary>
    public string? Fingerprint { get; init; }

    public override int Dimension => Embedder.Dimension;

    public override int MaxTokens => Embedder.MaxTokens;
}

/// <summary>Scores passages for a query.</summary>
/// <param name="Reranker">Computes; one call at a time uses the machine best.</param>
internal sealed record LoadedReranker(ModelFolder Folder, CrossEncoder Reranker) : LoadedModel(Folder)
{
    public override ModelKind Kind => ModelKind.Reranker;

    /// <summary>The key of its queue: one for as long as the model is in memory.</summary>
    public RerankComputation Computation { get; } = new(Folder.Id, Reranker);

    public override int Dimension => 0;

    public override int MaxTokens => Reranker.MaxTokens;
}

internal delegate LoadedModel LoadModel(ModelFolder folder, CancellationToken cancellationToken);
