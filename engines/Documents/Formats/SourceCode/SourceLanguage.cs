namespace RagPlatform.Documents;

/// <summary>What tells the parts of a source file from one another.</summary>
internal enum SourceLayout
{
    /// <summary>Types and functions have their bodies in braces.</summary>
    Braces,
    /// <summary>They have them indented; a closing word or bracket may follow.</summary>
    Indents,
    /// <summary>Lines "[name]" begin sections.</summary>
    Sections,
    /// <summary>Keys at the margin begin sections.</summary>
    Keys,
    /// <summary>Blank lines.</summary>
    Paragraphs,
}

/// <summary>A language, as far as a scan for types and functions has to know it.</summary>
/// <param name="Name">As Linguist and editors have it, lower case.</param>
/// <param name="ContentType">Recorded for its files.</param>
/// <param name="Layout">Where its files are cut.</param>
/// <param name="Extensions">The usual one first.</param>
internal sealed record SourceLanguage(string Name, string ContentType, SourceLayout Layout, params IReadOnlyList<string> Extensions)
{
    /// <summary>The key of <see cref="DocumentProperties.Metadata"/> that names the language of code.</summary>
    public const string MetadataKey = "programming-language";

    public IReadOnlyList<string> OtherContentTypes { get; init; } = [];

    /// <summary>Programs that a "#!" line names, without a version.</summary>
    public IReadOnlyList<string> Interpreters { get; init; } = [];

    /// <summary>What begins a comment to the end of the line.</summary>
    public string LineComment { get; init; } = "//";

    /// <summary>Three quotes begin a string over several lines.</summary>
    public bool HasTextBlocks { get; init; }

    /// <summary>A backtick begins a string over several lines.</summary>
    public bool HasBacktickStrings { get; init; }

    /// <summary>'@"' begins a string over several lines, whose quotes are doubled.</summary>
    public bool HasVerbatimStrings { get; init; }

    /// <summary>A single quote holds one character; else a string.</summary>
    public bool HasCharacters { get; init; }

    /// <summary>Words before the name of what holds declarations: types, modules.</summary>
    public IReadOnlyList<string> TypeWords { get; init; } = [];

    /// <summary>Words before the name of a function, where they tell it; with braces, parentheses do too.</summary>
    public IReadOnlyList<string> FunctionWords { get; init; } = [];

    /// <summary>First lines of what belongs to the declaration below it.</summary>
    public IReadOnlyList<string> LeadingMarks { get; init; } = [];
}
