namespace RagPlatform.Transformers.Weights;

/// <summary>What one file of a model may call another: nothing that leads out of the folder.</summary>
internal static class PlainFileName
{
    private const int MaxChars = 255;

    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxChars && name is not ("." or "..") && !name.AsSpan().ContainsAny("/\\:\0");
}
