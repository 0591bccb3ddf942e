namespace RagPlatform.Client;

/// <summary>A model that the platform uses or can use.</summary>
public sealed record Model
{
    public required string Id { get; init; }
    /// <summary>"embedding" or "generation".</summary>
    public required string Kind { get; init; }
    /// <summary>"ready", "missing", "pulling" or "failed".</summary>
    public required string State { get; init; }
    /// <summary>Of an embedding model's vectors.</summary>
    public required int Dimension { get; init; }
    /// <summary>That the model reads at once.</summary>
    public required int MaxTokens { get; init; }
    /// <summary>On disk.</summary>
    public required long SizeBytes { get; init; }
    /// <summary>Where its files came from.</summary>
    public required string Source { get; init; }
    public required string License { get; init; }
}

/// <summary>How far a pull has come.</summary>
/// <param name="Step">"downloading", "verifying" or "ready".</param>
/// <param name="Detail">For people.</param>
/// <param name="DoneBytes">So far.</param>
/// <param name="TotalBytes">0 while unknown.</param>
public sealed record PullProgress(string Step, string Detail, long DoneBytes, long TotalBytes);

/// <summary>How the platform is.</summary>
/// <param name="Version">Of the gateway.</param>
/// <param name="Tenant">Whom the API key stands for.</param>
/// <param name="Services">Each service's health.</param>
/// <param name="Documents">How many of the tenant's documents stand in each state.</param>
public sealed record PlatformStatus(string Version, string Tenant, IReadOnlyList<ServiceStatus> Services, IReadOnlyDictionary<DocumentState, long> Documents);

/// <param name="Service">Its name.</param>
/// <param name="Healthy">Whether it is ready for work.</param>
/// <param name="Detail">Why not, when not.</param>
public sealed record ServiceStatus(string Service, bool Healthy, string Detail);
