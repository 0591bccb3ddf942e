using RagPlatform.Documents.Tests.Formats.OpenPackage;

namespace RagPlatform.Documents.Tests.Formats.PowerPoint;

/// <summary>Presentations, from the markup of their slides' shapes.</summary>
internal static class PowerPointFile
{
    public const string Main = "ppt/presentation.xml";

    private const string Layout = "ppt/slideLayouts/slideLayout1.xml";
    private const string Master = "ppt/slideMasters/slideMaster1.xml";

    /// <summary>Slides are numbered from 1 as parts, and shown in the order of <paramref name="order"/>.</summary>
    public static OfficeFile With(int[] order, params string[] slides)
    {
        var file = new OfficeFile(Main)
            .Part(Main, $"<p:presentation {OfficeFile.Namespaces}><p:sldIdLst>{string.Concat(order.Select(slide => $"<p:sldId id=\"{255 + slide}\" r:id=\"rIdS{slide}\"/>"))}</p:sldIdLst></p:presentation>")
            .Part(Layout, Slide(Shape("", type: "body", index: "1") + Shape("", type: "body", index: "13", list: "<a:lvl1pPr><a:buNone/></a:lvl1pPr>"), "sldLayout"))
            .Part(Layout, "rId1", "slideMaster", Master, Slide("", "sldMaster", "<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char=\"•\"/></a:lvl1pPr><a:lvl2pPr><a:buChar char=\"–\"/></a:lvl2pPr></p:bodyStyle></p:txStyles>"));
        for (var i = 1; i <= slides.Length; i++)
        {
            file.Part(Main, $"rIdS{i}", "slide", Path(i), slides[i - 1].StartsWith("<p:sld ", StringComparison.Ordinal) ? slides[i - 1] : Slide(slides[i - 1])).Relate(Path(i), "rIdL", "slideLayout", "../slideLayouts/slideLayout1.xml");
        }

        return file;
    }

    public static string Path(int slide) => $"ppt/slides/slide{slide}.xml";

    public static ExtractedDocument Read(params string[] slides) => Read(With([.. Enumerable.Range(1, slides.Length)], slides));

    public static ExtractedDocument Read(OfficeFile file) => Documents.Extract(file.Build(), ContentTypes.PowerPoint);

    public static string Slide(string shapes, string root = "sld", string after = "", string attributes = "") =>
        $"<p:{root} {OfficeFile.Namespaces} {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>{after}</p:{root}>";

    public static string Title(string text) => Shape(P(text), type: "title");

    /// <param name="type">Of a placeholder; null for a text box.</param>
    public static string Shape(string paragraphs, string? type = null, string index = "0", string list = "") =>
        $"<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"x\"/><p:cNvSpPr/><p:nvPr>{(type is null ? "" : $"<p:ph type=\"{type}\" idx=\"{index}\"/>")}</p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/><a:lstStyle>{list}</a:lstStyle>{paragraphs}</p:txBody></p:sp>";

    public static string P(string text, int level = 0, string properties = "") => $"<a:p><a:pPr lvl=\"{level}\">{properties}</a:pPr><a:r><a:rPr/><a:t>{text}</a:t></a:r></a:p>";

    public static string Frame(string graphic) => $"<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"4\" name=\"x\"/></p:nvGraphicFramePr><a:graphic><a:graphicData>{graphic}</a:graphicData></a:graphic></p:graphicFrame>";
}
