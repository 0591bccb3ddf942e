namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>
/// Labels that say that a text is none of the others': what they have in common is nothing that could be learnt as a class,
/// so they are told by how strange a text is.
/// </summary>
internal static class OutOfScopeLabel
{
    private static readonly string[] Names = ["oos", "ood", "outofscope", "outofdomain", "offtopic"];

    /// <param name="json">A label's.</param>
    public static bool Is(string json) =>
        json.StartsWith('"') && Names.Contains(string.Concat(OutputJson.Shown(json).Where(char.IsLetterOrDigit)).ToLowerInvariant());
}
