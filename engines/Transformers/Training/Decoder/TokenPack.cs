namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// Texts one after the other that go through the model at once: positions begin anew with each, and no token sees another text's.
/// </summary>
/// <param name="Ids">Of all texts.</param>
/// <param name="Starts">Where each text begins in <paramref name="Ids"/>, the first at 0; ascending, no text is empty.</param>
/// <param name="Labels">For each token the one that is to follow it, or <see cref="NoLabel"/> where nothing is wanted of it.</param>
public sealed record TokenPack(int[] Ids, int[] Starts, int[] Labels)
{
    public const int NoLabel = -1;

    /// <summary>Tokens with a label.</summary>
    public int LabelCount => Labels.Count(label => label != NoLabel);

    /// <summary>The texts, each with the tokens whose prediction is wanted.</summary>
    /// <param name="texts">Ids, and for each whether the model is to learn to write it; the first of a text never counts.</param>
    public static TokenPack Of(params IReadOnlyList<(int[] Ids, bool[] IsWanted)> texts)
    {
        var (ids, starts, labels) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var (text, isWanted) in texts)
        {
            starts.Add(ids.Count);
            ids.AddRange(text);
            for (var i = 1; i <= text.Length; i++)
            {
                labels.Add(i < text.Length && isWanted[i] ? text[i] : NoLabel);
            }
        }
        return new TokenPack([.. ids], [.. starts], [.. labels]);
    }

    internal int End(int text) => text + 1 < Starts.Length ? Starts[text + 1] : Ids.Length;

    internal int LongestText => Enumerable.Range(0, Starts.Length).Max(text => End(text) - Starts[text]);

    /// <summary>What is out of its range, with the range; null when nothing is.</summary>
    internal string? Problem(int vocabulary, int maxPositions)
    {
        if (Ids.Length == 0 || Labels.Length != Ids.Length || Starts.Length == 0 || Starts[0] != 0
            || Enumerable.Range(0, Starts.Length).Any(text => End(text) <= Starts[text]))
        {
            return $"A pack of {Ids.Length} tokens has {Labels.Length} labels and texts that begin at [{string.Join(", ", Starts.Take(20))}].";
        }
        if (LongestText > maxPositions)
        {
            return $"A text has {LongestText} tokens; the model reads {maxPositions}.";
        }
        if (Array.FindIndex(Ids, id => (uint)id >= (uint)vocabulary) is var token and >= 0)
        {
            return $"Token {Ids[token]} is outside the vocabulary of {vocabulary}.";
        }
        return Array.FindIndex(Labels, label => label < NoLabel || label >= vocabulary) is var wrong and >= 0
            ? $"Label {Labels[wrong]} is outside the vocabulary of {vocabulary}."
            : null;
    }
}

/// <param name="Sum">Over the labels, in nats, smoothed where that was asked for.</param>
/// <param name="Labels">How many.</param>
/// <param name="Right">Labels that were the likeliest token; 0 where they were not counted.</param>
public readonly record struct PackLoss(double Sum, int Labels, int Right)
{
    public double Mean => Sum / Labels;

    public static PackLoss operator +(PackLoss one, PackLoss other) =>
        new(one.Sum + other.Sum, one.Labels + other.Labels, one.Right + other.Right);
}
