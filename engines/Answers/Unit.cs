namespace RagPlatform.Answers;

public enum UnitKind
{
    Sentence,
    ListItem,
    /// <summary>One line of a code block: a command, a setting.</summary>
    CodeLine,
    TableRow,
}

/// <summary>The smallest thing that may be quoted, as a range of its passage's text without the marks around it.</summary>
/// <param name="Start">UTF-16 offset into the passage's text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Kind">What the author wrote it as.</param>
/// <param name="Heading">The last heading before it in the passage, without its marks; empty when there is none.</param>
/// <param name="Lead">For a code line: the unit in the same passage that introduces its block, by index; otherwise -1.</param>
public readonly record struct Unit(int Start, int End, UnitKind Kind, Range Heading, int Lead);
