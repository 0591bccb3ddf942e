using System.Globalization;
using System.Net;
using System.Text;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>A picture of lines, boxes and words, coloured by the page's style.</summary>
/// <param name="width">In units of its own coordinates; it is shown as wide as there is room.</param>
/// <param name="height">Likewise.</param>
/// <param name="description">What it shows, for those who do not see it.</param>
internal sealed class Svg(double width, double height, string description)
{
    private readonly StringBuilder shapes = new();

    public Svg Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line class=\"{style}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>");

    /// <param name="tip">Shown when pointed at; none when null.</param>
    public Svg Box(double x, double y, double boxWidth, double boxHeight, string style, string? tip = null) =>
        Add($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(boxWidth)}\" height=\"{Number(boxHeight)}\" rx=\"2\">{Tip(tip)}</rect>");

    public Svg Circle(double x, double y, double radius, string style, string? tip = null) =>
        Add($"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\">{Tip(tip)}</circle>");

    public Svg Path(IEnumerable<(double X, double Y)> points, string style, bool closed = false) =>
        Add($"<path class=\"{style}\" d=\"M{string.Join('L', points.Select(point => $"{Number(point.X)} {Number(point.Y)}"))}{(closed ? "Z" : "")}\"/>");

    /// <param name="anchor">start, middle or end.</param>
    public Svg Text(double x, double y, string text, string anchor = "start", string style = "label") =>
        Add($"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() =>
        $"<svg viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(description)}\">{shapes}</svg>";

    private Svg Add(string shape)
    {
        shapes.Append(shape);
        return this;
    }

    private static string Tip(string? tip) => tip is null ? "" : $"<title>{WebUtility.HtmlEncode(tip)}</title>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
