namespace RagPlatform.Transformers.Generation;

/// <summary>
/// Ends a text at the first of some strings, which is left out. What may be such a string's beginning is held back
/// until it is known. For one text.
/// </summary>
/// <param name="sequences">None empty.</param>
public sealed class StopSequences(IReadOnlyList<string> sequences)
{
    private string _held = "";

    /// <summary>One of the sequences was there.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes the next part of the text and returns what is safe to pass on; nothing once it is stopped.</summary>
    public string Append(string text)
    {
        if (IsStopped)
        {
            return "";
        }

        var all = _held + text;
        var stop = sequences.Select(sequence => all.IndexOf(sequence, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        IsStopped = stop >= 0;
        var safe = IsStopped ? stop : all.Length - HeldBack(all);
        _held = IsStopped ? "" : all[safe..];
        return all[..safe];
    }

    /// <summary>What was held back, when no more comes.</summary>
    public string Finish()
    {
        var rest = _held;
        _held = "";
        return rest;
    }

    /// <summary>How many characters at the end are the beginning of a sequence: the most.</summary>
    private int HeldBack(string text)
    {
        for (var from = Math.Max(0, text.Length - Longest() + 1); from < text.Length; from++)
        {
            if (sequences.Any(sequence => sequence.AsSpan().StartsWith(text.AsSpan(from), StringComparison.Ordinal)))
            {
                return text.Length - from;
            }
        }

        return 0;
    }

    private int Longest() => sequences.Count == 0 ? 0 : sequences.Max(sequence => sequence.Length);
}
