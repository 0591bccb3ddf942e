namespace RagPlatform.CommandLine.Doctor;

/// <summary>What one look at the platform found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What was looked at, such as "documents".</param>
/// <param name="Summary">One line.</param>
/// <param name="Remedy">What to do; empty where nothing is to be done.</param>
internal sealed record Finding(FindingSeverity Severity, string Subject, string Summary, string Remedy = "");

internal enum FindingSeverity
{
    Good,
    /// <summary>It works, and somebody should know.</summary>
    Warning,
    Bad,
}
