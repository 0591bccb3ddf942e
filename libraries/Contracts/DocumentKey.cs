namespace RagPlatform.Contracts;

/// <summary>A document's identity: unique across the platform, and never without its tenant.</summary>
public sealed record DocumentKey(string Tenant, string Collection, string DocumentId)
{
    public override string ToString() => $"{Tenant}/{Collection}/{DocumentId}";
}
