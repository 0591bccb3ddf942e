using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>A place that a person can go to in the original: "page 12", "slide 3", "sheet Sales, row 40".</summary>
/// <param name="Kind">What the number counts.</param>
/// <param name="Number">From 1; 0 where only <paramref name="Part"/> tells the place.</param>
/// <param name="Part">The sheet's name, or the path inside an archive, book or e-mail, parts within parts joined by "!/"; empty where there is one part.</param>
public sealed record SourceLocation(LocationKind Kind, int Number, string Part = "")
{
    /// <summary>This place, of a document that is itself a part: "page 3" inside "a.zip!/b.pdf" is "a.zip!/b.pdf, page 3".</summary>
    public SourceLocation Inside(SourceLocation outer)
    {
        ArgumentNullException.ThrowIfNull(outer);
        return this with { Part = outer.Part.Length == 0 ? Part : Part.Length == 0 ? outer.Part : $"{outer.Part}!/{Part}" };
    }

    public override string ToString()
    {
        var name = Kind switch { LocationKind.Page => "page", LocationKind.Slide => "slide", LocationKind.Row => "row", LocationKind.Cell => "cell", _ => "" };
        var place = Number > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name} {Number}") : "";
        return (Part.Length, place.Length) switch { (0, _) => place, (_, 0) => Part, _ => $"{Part}, {place}" };
    }
}

public enum LocationKind
{
    /// <summary>Only the part tells the place.</summary>
    Part,
    Page,
    Slide,
    /// <summary>Of a sheet or a table, as its program numbers it: the first row is 1.</summary>
    Row,
    /// <summary>Of a notebook, in order.</summary>
    Cell,
}
