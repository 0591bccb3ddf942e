namespace RagPlatform.FineTuning.Datasets;

/// <summary>What a file's lines look like; the first line that can be told decides.</summary>
public enum DatasetFormat
{
    /// <summary>No line could be told.</summary>
    Unknown,

    /// <summary><c>{"messages": [{"role", "content", "weight"?, "tool_calls"?}], "tools"?, "group"?}</c></summary>
    Chat,

    /// <summary><c>{"prompt", "completion", "group"?}</c></summary>
    Completion,

    /// <summary><c>{"query", "positive", "negatives"?, "group"?}</c></summary>
    Pairs,
}
