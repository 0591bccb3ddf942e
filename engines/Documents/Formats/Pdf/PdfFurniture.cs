using System.Globalization;
using System.Text.RegularExpressions;

namespace RagPlatform.Documents;

/// <summary>Takes running heads, running feet and page numbers off pages: what stands in the margin of most of them, numbers apart.</summary>
internal static partial class PdfFurniture
{
    private const double MarginShare = 0.1;
    private const int MarginLines = 3;
    private const int MinPages = 3;

    /// <returns>The pages; the first place where a repeated line with words stands keeps it, for it may be the title.</returns>
    public static List<PdfPage> Remove(IReadOnlyList<PdfPage> pages)
    {
        var repeats = pages
            .SelectMany(page => Margin(page).Select(line => Key(line.Text)).Distinct(StringComparer.Ordinal))
            .CountBy(key => key, StringComparer.Ordinal)
            .Where(entry => pages.Count >= MinPages && entry.Value > pages.Count / 2)
            .Select(entry => entry.Key)
            .ToHashSet(StringComparer.Ordinal);
        var numbers = PageNumbers(pages);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. pages.Select(page => Strip(page, repeats, numbers, seen))];
    }

    private static PdfPage Strip(PdfPage page, HashSet<string> repeats, HashSet<PdfLine> numbers, HashSet<string> seen)
    {
        var margin = Margin(page).ToHashSet<PdfLine>(ReferenceEqualityComparer.Instance);
        return page with
        {
            Lines = [.. page.Lines.Where(line => !numbers.Contains(line) && !(margin.Contains(line) && repeats.Contains(Key(line.Text)) && !seen.Add(Key(line.Text))))],
        };
    }

    /// <summary>Numbers alone on a page's first or last line: in the margin, or growing with most pages.</summary>
    private static HashSet<PdfLine> PageNumbers(IReadOnlyList<PdfPage> pages)
    {
        var candidates = pages.Index()
            .SelectMany(page => Outermost(page.Item).Select(line => (page.Item, Line: line, Match: PageNumber.Match(line.Text), page.Index)))
            .Where(candidate => candidate.Match.Success)
            .Select(candidate => (candidate.Item, candidate.Line, Offset: int.Parse(candidate.Match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) - candidate.Index))
            .ToList();
        var usual = candidates.CountBy(candidate => candidate.Offset).Where(offset => offset.Value > 1 && offset.Value > pages.Count / 2).Select(offset => offset.Key).ToHashSet();
        return candidates
            .Where(candidate => usual.Contains(candidate.Offset) || candidate.Line.Bottom < MarginShare * candidate.Item.Height || candidate.Line.Top > (1 - MarginShare) * candidate.Item.Height)
            .Select(candidate => candidate.Line)
            .ToHashSet<PdfLine>(ReferenceEqualityComparer.Instance);
    }

    private static IEnumerable<PdfLine> Outermost(PdfPage page)
    {
        PdfLine?[] outermost = [page.Lines.MinBy(line => line.Top), page.Lines.MaxBy(line => line.Bottom)];
        return outermost.OfType<PdfLine>().Where(line => page.Lines.All(other => other == line || other.Bottom <= line.Top || other.Top >= line.Bottom)).Distinct();
    }

    private static IEnumerable<PdfLine> Margin(PdfPage page) =>
        page.Lines.Where(line => line.Bottom < MarginShare * page.Height).OrderBy(line => line.Top).Take(MarginLines)
            .Concat(page.Lines.Where(line => line.Top > (1 - MarginShare) * page.Height).OrderByDescending(line => line.Bottom).Take(MarginLines));

    private static string Key(string text) => Digits.Replace(text, "#");

    /// <summary>"12", "- 12 -", "Page 3 of 9", "3 / 9".</summary>
    [GeneratedRegex(@"^(?:[-–—]\s*)?(?:page\s+)?(?<number>\d{1,5})(?:\s*(?:of|/)\s*\d{1,5})?(?:\s*[-–—])?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PageNumber { get; }

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Digits { get; }
}
