namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Who changes an adapter, and why: for its history.</summary>
/// <param name="Tenant">Whose adapters.</param>
/// <param name="By">The caller, as the gateway names him; "platform" where nobody called.</param>
/// <param name="Reason">May be empty.</param>
public sealed record Actor(string Tenant, string By, string Reason)
{
    public const string Platform = "platform";
}
