namespace RagPlatform.Client;

/// <summary>A filter's text cannot be read.</summary>
/// <param name="position">Of the first character at fault, from 1; one past the end where the text ends too early.</param>
/// <param name="problem">What is wrong there, and what would be right.</param>
public sealed class FilterSyntaxException(int position, string problem) : FormatException($"Character {position}: {problem}")
{
    public int Position { get; } = position;

    public string Problem { get; } = problem;
}
