using System.ComponentModel.DataAnnotations;

namespace RagPlatform.Gateway;

/// <summary>The section "Gateway". Everything is checked on start.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Who may call, and for which tenant. Nobody by default.</summary>
    public IList<ApiKeyOptions> ApiKeys { get; init; } = [];

    /// <summary>The key "dev" stands for the tenant "default", and is an operator's. For one person's machine only: refused unless BIND_ADDRESS is loopback. False by default.</summary>
    public bool AllowDevelopmentKey { get; set; }

    /// <summary>Seconds an Ask may take, 1 to 3,600; 120 by default. A caller's shorter deadline counts.</summary>
    [Range(1, 3600)]
    public int AskTimeoutSeconds { get; set; } = 120;

    /// <summary>Seconds an UploadDocument, StageContent, UploadDataset or DownloadDataset may take, the sending included, 1 to 3,600; 300 by default.</summary>
    [Range(1, 3600)]
    public int UploadTimeoutSeconds { get; set; } = 300;

    /// <summary>Seconds to delete, snapshot or restore a whole collection, 1 to 3,600; 300 by default.</summary>
    [Range(1, 3600)]
    public int CollectionTimeoutSeconds { get; set; } = 300;

    /// <summary>Seconds to validate a dataset, estimate a job or evaluate an adapter, 1 to 3,600; 600 by default.</summary>
    [Range(1, 3600)]
    public int FineTuneTimeoutSeconds { get; set; } = 600;

    /// <summary>Seconds any other call may take, 1 to 3,600; 30 by default. WatchDocument, WatchDocuments, WatchBatch, WatchCrawl, WatchBuild, PullModel, DistillModel, VerifyModel, CheckConsistency and WatchJob have no limit.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds a dependency has to say how it is, in GetStatus, 1 to 30; 2 by default.</summary>
    [Range(1, 30)]
    public int StatusTimeoutSeconds { get; set; } = 2;

    /// <summary>Calls of one tenant at a time that ask, search, count facets, send a document or dataset, judge datasets and adapters, predict, or delete, snapshot or restore a collection, 1 to 10,000; 64 by default. More are refused, not queued.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentCallsPerTenant { get; set; } = 64;

    /// <summary>WatchDocument, WatchDocuments, WatchBatch, WatchCrawl, WatchBuild, PullModel, DistillModel, VerifyModel, CheckConsistency and WatchJob calls of one tenant at a time, 1 to 10,000; 256 by default. More are refused, not queued.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentWatchesPerTenant { get; set; } = 256;
}

/// <summary>One API key; give either the key or its hash.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>At least 16 characters, without white space.</summary>
    public string? Key { get; set; }

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hex digits: keeps the key itself out of the configuration.</summary>
    public string? KeySha256 { get; set; }

    /// <summary>1 to 63 of a-z, 0-9, "_" and "-".</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Whether its holder runs the platform: may pause all tenants, and sees rejected drops of no tenant. False by default.</summary>
    public bool IsOperator { get; set; }
}
