using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Takes the findings of one line, and remembers whether it may become an example.</summary>
internal sealed class LineReport(FindingLog findings, string file, int line)
{
    /// <summary>An error was found: the line is no example.</summary>
    public bool HasErrors { get; private set; }

    public int Line => line;

    public void Add(FindingCode code, string field, string problem, string remedy)
    {
        HasErrors |= code.Severity == FindingSeverity.Error;
        findings.Add(code, file, line, field, problem, remedy);
    }
}
