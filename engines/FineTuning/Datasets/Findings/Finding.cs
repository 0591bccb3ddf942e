namespace RagPlatform.FineTuning.Datasets.Findings;

/// <summary>Something in a dataset that a person should know of before a model learns it.</summary>
/// <param name="Code">Of the closed set; it fixes the severity.</param>
/// <param name="File">Such as training, validation or test.</param>
/// <param name="Line">From 1; 0: of the whole file.</param>
/// <param name="Field">Such as messages[2].role; empty: of the whole line.</param>
/// <param name="Problem">One sentence with the value and the limit; never a secret's text.</param>
/// <param name="Remedy">One sentence: what to do.</param>
public sealed record Finding(FindingCode Code, string File, int Line, string Field, string Problem, string Remedy)
{
    public FindingSeverity Severity => Code.Severity;
}
