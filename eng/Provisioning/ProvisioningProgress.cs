namespace RagPlatform.Provisioning;

/// <summary>A step that has begun, as one line for people; bytes where they can be known, 0 where not.</summary>
public readonly record struct ProvisioningProgress(string Message, long DoneBytes = 0, long TotalBytes = 0);
