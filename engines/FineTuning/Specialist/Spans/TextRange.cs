namespace RagPlatform.FineTuning.Specialist.Spans;

/// <param name="Start">UTF-16 index of the first character.</param>
/// <param name="End">After the last.</param>
internal readonly record struct TextRange(int Start, int End)
{
    public bool Overlaps(TextRange other) => Start < other.End && other.Start < End;
}
