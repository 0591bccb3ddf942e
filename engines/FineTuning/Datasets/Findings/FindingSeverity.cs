namespace RagPlatform.FineTuning.Datasets.Findings;

public enum FindingSeverity
{
    /// <summary>No job is made of the dataset.</summary>
    Error,

    /// <summary>A job can be made of it; what it learns may not be what was meant.</summary>
    Warning,
}
