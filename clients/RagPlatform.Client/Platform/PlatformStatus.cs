namespace RagPlatform.Client;

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
