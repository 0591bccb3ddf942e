using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Where a passage stands, for people: "page 12", "pages 12-13", "Sales, rows 40-52", "Sales, to row 17".</summary>
public static class LocationText
{
    /// <param name="first">Of the passage's first character; null: it has none.</param>
    /// <param name="last">Of its last one.</param>
    /// <returns>Empty where both have none.</returns>
    public static string Of(SourceLocation? first, SourceLocation? last)
    {
        if (first is null || last is null || first == last)
        {
            return (first ?? last)?.ToString() ?? "";
        }

        if (first.Part == last.Part && first.Part.Length > 0 && first.Number == 0)
        {
            // A sheet's name, then its rows.
            return $"{last.Part}, to {last with { Part = "" }}";
        }

        if (first.Kind != last.Kind || first.Part != last.Part || first.Number == 0 || last.Number == 0)
        {
            return $"{first} to {last}";
        }

        var name = first.Kind switch { LocationKind.Page => "pages", LocationKind.Slide => "slides", LocationKind.Row => "rows", LocationKind.Cell => "cells", _ => "" };
        var places = string.Create(CultureInfo.InvariantCulture, $"{name} {first.Number}-{last.Number}").TrimStart();
        return first.Part.Length == 0 ? places : $"{first.Part}, {places}";
    }
}
