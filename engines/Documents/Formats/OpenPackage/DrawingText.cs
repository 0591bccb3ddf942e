using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>The words and figures of charts and diagrams, which Office keeps in parts of their own.</summary>
internal static class DrawingText
{
    /// <summary>Of one made of several levels, such as "2024 May".</summary>
    private const int MaxCategoryCharacters = 256;

    public static void Add(DocumentTextBuilder builder, OfficePackage package, Relationship relation)
    {
        if (relation.IsExternal || package.TryRead(relation.Target) is not { } root)
        {
            return;
        }

        if (root.Is("chartSpace"))
        {
            AddChart(builder, root);
        }
        else if (root.Is("dataModel"))
        {
            AddDiagram(builder, root);
        }
    }

    /// <summary>A title and a table: categories down, series across (ECMA-376 part 1, 21.2).</summary>
    private static void AddChart(DocumentTextBuilder builder, XElement root)
    {
        var chart = root.Child("chart");
        builder.AddParagraph(string.Concat(chart.Child("title")?.Descendants().Where(node => node.Is("t")).Select(node => node.Value) ?? []));
        var series = chart.Child("plotArea")?.Elements().SelectMany(plot => plot.Children("ser")).ToArray() ?? [];
        var categories = new SortedDictionary<int, string>();
        var values = new Dictionary<int, string>[series.Length];
        for (var i = 0; i < series.Length; i++)
        {
            values[i] = Points(series[i].Child("val") ?? series[i].Child("yVal"));
            foreach (var (index, category) in Points(series[i].Child("cat") ?? series[i].Child("xVal")).Concat(values[i].Select(value => KeyValuePair.Create(value.Key, ""))))
            {
                categories.TryAdd(index, category);
            }
        }

        if (categories.Count == 0)
        {
            return;
        }

        builder.AddTableHeader([Axis(chart), .. series.Select(Name)]);
        foreach (var (index, category) in categories)
        {
            builder.AddTableRow([category, .. values.Select(one => one.GetValueOrDefault(index, ""))]);
        }
    }

    private static string Name(XElement series) => series.Child("tx").Child("v")?.Value ?? string.Join(' ', Points(series.Child("tx")).Values);

    private static string Axis(XElement? chart) => string.Concat(
        chart.Child("plotArea").Child("catAx").Child("title")?.Descendants().Where(node => node.Is("t")).Select(node => node.Value) ?? []);

    /// <summary>The cached points of a reference or a literal, by index.</summary>
    private static Dictionary<int, string> Points(XElement? data)
    {
        var points = new Dictionary<int, string>();
        var format = data?.Descendants().FirstOrDefault(node => node.Is("formatCode"))?.Value ?? "General";
        var isNumber = data?.Descendants().Any(node => node.Is("numCache") || node.Is("numLit")) ?? false;
        foreach (var point in data?.Descendants().Where(node => node.Is("pt")) ?? [])
        {
            if (int.TryParse(point.Value("idx"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && point.Child("v")?.Value is { } value)
            {
                var shown = isNumber ? CellNumber.Show(value, format, is1904: false) : value;
                points[index] = !points.TryGetValue(index, out var inner) ? shown : inner.Length < MaxCategoryCharacters ? $"{shown} {inner}" : inner;
            }
        }

        return points;
    }

    /// <summary>A list of its nodes' texts, in the order they were made (ECMA-376 part 1, 21.4).</summary>
    private static void AddDiagram(DocumentTextBuilder builder, XElement root)
    {
        foreach (var point in root.Child("ptLst").Children("pt"))
        {
            if (point.Value("type") is null or "node" or "asst")
            {
                builder.AddListItem(0, "- ", string.Concat(point.Child("t")?.Descendants().Where(node => node.Is("t")).Select(node => node.Value) ?? []));
            }
        }
    }
}
