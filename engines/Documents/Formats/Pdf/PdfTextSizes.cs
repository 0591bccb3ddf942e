using System.Text.RegularExpressions;

namespace RagPlatform.Documents;

/// <summary>
/// Which lines of a document are its body, and which are headings of which level: by the size of their letters, or by a number
/// before them. Sizes tell nothing where fonts differ, so a heading in another font of about the body's size is missed.
/// </summary>
internal sealed partial class PdfTextSizes
{
    private const double HeadingFactor = 1.15;
    private const double SameFactor = 1.05;
    private const int MaxLevels = 4;
    private const int MaxHeadingCharacters = 150;

    private readonly double _body;
    private readonly List<double> _headings = [];

    public PdfTextSizes(IReadOnlyList<PdfPage> pages)
    {
        var lines = pages.SelectMany(page => page.Lines).OrderBy(line => line.Height).ToList();
        var half = lines.Sum(line => (long)line.Text.Length) / 2;
        _body = lines.Count == 0 ? 0 : lines.SkipWhile(line => (half -= line.Text.Length) > 0).First().Height;
        foreach (var height in lines.Where(line => IsLarge(line.Height) && line.Text.Any(char.IsLetter)).Select(line => line.Height).Reverse())
        {
            if (_headings.Count == 0 || height * SameFactor < _headings[^1])
            {
                _headings.Add(height);
            }
        }
    }

    /// <param name="text">Of one paragraph.</param>
    /// <param name="height">Of its lines.</param>
    /// <returns>1 to 4; 0 where it is no heading.</returns>
    public int HeadingLevel(string text, double height)
    {
        if (text.Length > MaxHeadingCharacters || text[^1] is '.' or ',' or ';' || text.Count(char.IsLetter) <= text.Count(char.IsDigit))
        {
            return 0;
        }

        return IsLarge(height) ? Math.Clamp(_headings.FindIndex(heading => height * SameFactor >= heading) + 1, 1, MaxLevels)
            : Section.Match(text) is { Success: true } section ? Math.Min(MaxLevels, 1 + section.Groups["deeper"].Captures.Count)
            : 0;
    }

    /// <summary>"1 Introduction", "2.3. Methods", and not "3 May 1999".</summary>
    [GeneratedRegex(@"^[1-9]\d?(?:(?<deeper>\.)[1-9]\d?)*\.?\s+\p{Lu}[^.:;,?!]{2,60}[^\d\s.:;,?!]$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Section { get; }

    private bool IsLarge(double height) => height > HeadingFactor * _body;
}
