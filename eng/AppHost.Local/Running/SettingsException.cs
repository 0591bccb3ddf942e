namespace RagPlatform.AppHost.Local.Running;

/// <summary>An option or a setting is missing or wrong; the message names it and says what would be right.</summary>
internal sealed class SettingsException(string message) : Exception(message);
