namespace RagPlatform.Grpc;

/// <summary>
/// Endpoint metadata: may be called from outside. Where services share a process, only endpoints that carry it
/// answer on the public port (see Standalone); everything else is between services.
/// </summary>
public sealed class PublicEndpoint;
