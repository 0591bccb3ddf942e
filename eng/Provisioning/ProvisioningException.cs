namespace RagPlatform.Provisioning;

/// <summary>Something that was asked for cannot be provided here; the message is one sentence that says what to install or set.</summary>
public sealed class ProvisioningException(string message, Exception? innerException = null) : Exception(message, innerException);
