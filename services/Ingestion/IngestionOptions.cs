using System.ComponentModel.DataAnnotations;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion;

/// <summary>Bound from "Ingestion"; validated on start. <see cref="DataDirectory"/> comes from "Data:Directory".</summary>
public sealed class IngestionOptions
{
    public const string Section = "Ingestion";
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The folder under which "ingestion/registry.db" lies. Default "data".</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Largest content of a document, in bytes. Default 32 MiB; 1 KiB to 64 MiB (what the extractor takes).</summary>
    [Range(1024, 64 * Mebibyte)]
    public int MaxDocumentBytes { get; set; } = 32 * Mebibyte;

    /// <summary>Uploads that are held in memory at once; further ones wait. Default 8; 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxConcurrentUploads { get; set; } = 8;

    /// <summary>Documents between being begun and being searchable; further ones wait in the registry. A tenant has at most as many as it leaves free. Default 512; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxDocumentsInFlight { get; set; } = 512;

    /// <summary>Of these one tenant's at most. Default 10,000, no limit of its own; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxDocumentsInFlightPerTenant { get; set; } = 10_000;

    /// <summary>Of these one collection's at most. Default 10,000, no limit of its own; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxDocumentsInFlightPerCollection { get; set; } = 10_000;

    /// <summary>Bytes of contents in processing and of texts that wait to be published; what is begun last may exceed it. Default 64 MiB; 1 MiB to 4,095 MiB.</summary>
    [Range(Mebibyte, 4095L * Mebibyte)]
    public long MaxPreparedBytes { get; set; } = 64 * Mebibyte;

    /// <summary>Chunks that were published and whose vectors have not come back, fewer where they take longer than a second; a tenant has at most as many as it leaves free. Default 512; 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int MaxChunksInFlight { get; set; } = 512;

    /// <summary>Versions of a document whose text is kept for quoting. Default 3; 1 to 100.</summary>
    [Range(1, 100)]
    public int KeptVersions { get; set; } = 3;

    /// <summary>How often a version is begun before it fails. Default 5; 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long a version waits for a service that is down, for example while its model is downloaded, before it fails. Hours, default 24; 1 to 720.</summary>
    [Range(1, 720)]
    public int DependencyPatienceHours { get; set; } = 24;

    /// <summary>Between two looks for unfinished versions, in seconds. Default 30; 1 to 3,600.</summary>
    [Range(1, 3600)]
    public int ResumeIntervalSeconds { get; set; } = 30;

    /// <summary>Stalled versions, and deletions, resumed in one round at most, oldest first. Default 100; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int ResumeBatch { get; set; } = 100;

    /// <summary>A begun version that has not moved for this long is resumed; doubles with each attempt. Seconds, default 300; 1 to 86,400.</summary>
    [Range(1, 86_400)]
    public int ResumeStalledAfterSeconds { get; set; } = 300;

    /// <summary>Between two comparisons of the registry with the index, in which differences are mended. Hours, default 24; 1 to 720, 0 for never.</summary>
    [Range(0, 720)]
    public int SweepIntervalHours { get; set; } = 24;

    /// <summary>How long a deletion waits for the bus before its announcement is left to the resumer; how long a batch of chunks does before it is tried again. Seconds, default 5; 1 to 60.</summary>
    [Range(1, 60)]
    public int PublishTimeoutSeconds { get; set; } = 5;

    /// <summary>The model that documents of a collection are prepared for until it has one of its own; the embedding service's default when empty.</summary>
    public string EmbeddingModel { get; set; } = "";

    /// <summary>Tokens in a chunk at most, if the model reads as many. Default 200; 16 to 8,192.</summary>
    [Range(16, 8192)]
    public int ChunkMaxTokens { get; set; } = 200;

    /// <summary>Tokens that a chunk may repeat of the one before, at most half a chunk. Default 32; 0 to 4,096.</summary>
    [Range(0, 4096)]
    public int ChunkOverlapTokens { get; set; } = 32;

    /// <summary>Tokens at most in what is quoted where a collection searches small chunks inside larger ones. Default 600; 16 to 8,192.</summary>
    [Range(16, 8192)]
    public int ChunkParentTokens { get; set; } = 600;

    /// <summary>Tokens of the model's limit left free for a chunk's headings. Default 40; 0 to 1,024.</summary>
    [Range(0, 1024)]
    public int ChunkContextTokens { get; set; } = 40;

    /// <summary>How long a document may take to be read. Seconds, default 120; 1 to 3,600.</summary>
    [Range(1, 3600)]
    public int ExtractionTimeoutSeconds { get; set; } = 120;

    /// <summary>Memory that the process which reads a document may take, in mebibytes. Default 1,024; 128 to 65,536.</summary>
    [Range(128, 65_536)]
    public int ExtractionMemoryMebibytes { get; set; } = 1024;

    /// <summary>Documents extracted and chunked at once, and one more for a tenant who has none among them; as many may be read by ReadChunks. Default 2; 1 to 64.</summary>
    [Range(1, 64)]
    public int ProcessConcurrency { get; set; } = 2;

    /// <summary>Progress messages fetched ahead, per queue. Default 32; 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int ProgressPrefetch { get; set; } = 32;

    /// <summary>Largest body on the drop queue, in bytes; larger content is staged and named. Default 1 MiB; 1 KiB to 128 MiB.</summary>
    [Range(1024, 128 * Mebibyte)]
    public int MaxDropBytes { get; set; } = Mebibyte;

    /// <summary>How long staged content is kept for drops to name. Hours, default 24; 1 to 720.</summary>
    [Range(1, 720)]
    public int StagedContentHours { get; set; } = 24;

    /// <summary>Staged content of one tenant at most. MiB, default 4,096; 1 to 1,048,576.</summary>
    [Range(1, 1024 * 1024)]
    public int StagedContentMebibytesPerTenant { get; set; } = 4096;

    /// <summary>Drops fetched ahead and taken at once, each with its body in memory. Default 64; 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int DropPrefetch { get; set; } = 64;

    /// <summary>Rejected drops that are kept to be looked at; the oldest go. Default 10,000; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRejectedDrops { get; set; } = 10_000;

    /// <summary>Of their bodies together; the oldest go. Default 256 MiB; 4 MiB to 16 GiB.</summary>
    [Range(4L * Mebibyte, 16L * 1024 * Mebibyte)]
    public long MaxRejectedDropBytes { get; set; } = 256L * Mebibyte;

    /// <summary>The tenant of drops that name none. Default "default".</summary>
    [RegularExpression(Names.NamePattern, MatchTimeoutInMilliseconds = 1000)]
    public string DropQueueDefaultTenant { get; set; } = "default";
}
