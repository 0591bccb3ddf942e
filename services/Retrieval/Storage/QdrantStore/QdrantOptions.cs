using System.ComponentModel.DataAnnotations;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

internal enum QdrantQuantization
{
    None,

    /// <summary>One byte a component, kept in memory; the best are scored again with the whole vectors.</summary>
    Scalar,

    /// <summary>One bit a component; for models of 1,024 dimensions and more.</summary>
    Binary,
}

/// <summary>Bound from "Retrieval:Qdrant"; a connection string "qdrant_http" or "qdrant" takes the place of Url and ApiKey. Validated when the host starts.</summary>
internal sealed class QdrantOptions
{
    public const string Section = "Retrieval:Qdrant";

    /// <summary>Of the REST API (port 6333, not gRPC's 6334); https for TLS.</summary>
    [Required]
    public string Url { get; set; } = "http://localhost:6333";

    /// <summary>Sent as the header api-key; empty: none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>What our collections' names begin with, before a dot; installations that share a server need one each. 1 to 32 of a-z, A-Z, 0-9, "_" and "-".</summary>
    [Required]
    [RegularExpression(@"\A[A-Za-z0-9_-]{1,32}\z", ErrorMessage = "Retrieval:Qdrant:CollectionPrefix must be 1 to 32 of a-z, A-Z, 0-9, '_' and '-'.")]
    public string CollectionPrefix { get; set; } = "rag";

    /// <summary>Of one try of one request: 1 to 300.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Tries after the first, when the failure may pass: 0 to 10.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>Before the first retry, doubled for each further one: 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int RetryDelayMilliseconds { get; set; } = 200;

    /// <summary>Parts that a new collection is spread over: 1 to 1,024. Null: as many as the cluster has nodes.</summary>
    [Range(1, 1024)]
    public int? ShardNumber { get; set; }

    /// <summary>Copies of each shard of a new collection: 1 to 16.</summary>
    [Range(1, 16)]
    public int ReplicationFactor { get; set; } = 1;

    /// <summary>Copies that must have a write before it counts: 1 to <see cref="ReplicationFactor"/>.</summary>
    [Range(1, 16)]
    public int WriteConsistencyFactor { get; set; } = 1;

    /// <summary>Of a new collection's vectors.</summary>
    [EnumDataType(typeof(QdrantQuantization))]
    public QdrantQuantization Quantization { get; set; } = QdrantQuantization.None;

    /// <summary>A new collection keeps vectors on disk, read as needed, instead of in memory.</summary>
    public bool OnDisk { get; set; }

    /// <summary>Chunks sent in one request, at most: 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int UpsertBatchChunks { get; set; } = 64;

    /// <summary>
    /// Terms of an ordinary chunk, fields weighted: what BM25 holds a chunk's length against. Fixed, as each chunk's
    /// weights are computed once, when it is written. 1 to 100,000.
    /// </summary>
    [Range(1, 100_000)]
    public int AverageChunkTerms { get; set; } = 128;
}
