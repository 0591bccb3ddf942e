namespace RagPlatform.Ingestion.Registry;

/// <summary>Why a version stands still.</summary>
/// <param name="Step">The state on the way in which it happened, by name.</param>
/// <param name="Code">Stable, for programs, UPPER_SNAKE_CASE.</param>
/// <param name="Reason">Names the field, the value and the limit.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Attempts">How often the version was begun, at least 1.</param>
public sealed record DocumentFailure(string Step, string Code, string Reason, string Remedy, int Attempts = 1)
{
    private const int MaxTextCharacters = 2000;

    /// <summary>With texts that come from elsewhere cut to 2,000 characters, so that the log stays readable.</summary>
    public DocumentFailure Bounded() => this with { Reason = Cut(Reason), Remedy = Cut(Remedy) };

    /// <summary>To what the log takes of a text that comes from elsewhere.</summary>
    public static string Cut(string text) => text.Length <= MaxTextCharacters ? text : string.Concat(text.AsSpan(0, MaxTextCharacters - 1), "…");
}
