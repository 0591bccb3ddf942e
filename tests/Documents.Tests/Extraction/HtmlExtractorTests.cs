namespace RagPlatform.Documents.Tests.Extraction;

public sealed class HtmlExtractorTests
{
    [Fact]
    public void Extract_CancelledWhileItReads_Stops()
    {
        var page = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<b></b>", 2_000_000)));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        Should.Throw<OperationCanceledException>(() => new DocumentExtractor().Extract(new DocumentSource(page, ContentTypes.Html), soon.Token));
    }

    [Fact]
    public void Extract_Page_TextIsWhatAReaderSees()
    {
        var document = Documents.Html(
            """
            <!doctype html>
            <html><head><meta charset="utf-8"><title> Opening
              hours &amp; prices </title><style>p { color: red }</style>
            <script>if (a < b) document.write("<p>no</p>")</script></head>
            <body><nav><ul><li><a href="/">Home</a></ul></nav>
            <h1>Pool</h1>
            <p>Open   <b>daily</b>, see <a href="x">the
            plan</a>.<br>Closed at&nbsp;night.</p>
            <ul><li>Adults <li><p>Children</p><ol><li>under six<li>older</ol></ul>
            <table><tr><th>Day<th>Hours<tr><td><p>Mon</p><td>8&ndash;20</table>
            <h2>Rules</h2><blockquote>No <em>running</em>.</blockquote>
            <pre>
            a  b
              c</pre>
            <img src="x" alt="A map"> <!-- hidden --> <svg><title>Icon</title><path/></svg>end
            </body></html>
            """);

        document.Title.ShouldBe("Opening hours & prices");
        document.Show().ShouldBe(
        [
            "Heading: Pool",
            "Paragraph: Open daily, see the plan.⏎Closed at\u00A0night.",
            "ListItem: - Adults",
            "ListItem: - Children",
            "ListItem: 1. under six",
            "ListItem: 2. older",
            "TableHeader: | Day | Hours |⏎| --- | --- |",
            "TableRow: | Mon | 8–20 |",
            "Heading: Rules",
            "Quote: No running.",
            "Code: a  b⏎  c",
            "Paragraph: A map end",
        ]);
        document.Blocks[^1].HeadingPath.ShouldBe(["Pool", "Rules"]);
        document.Text.ShouldContain("- Children\n  1. under six");
    }

    [Theory]
    [InlineData("<div><nav>menu</div><p>text", "Paragraph: text")]
    [InlineData("<svg><path><p>text", "Paragraph: text")]
    [InlineData("<p>text<script>var x = '</p>", "Paragraph: text")]
    [InlineData("<nav>a<nav>b</nav>c</nav>text", "Paragraph: text")]
    [InlineData("<textarea><p>no</textarea>text", "Paragraph: text")]
    [InlineData("<li>text", "Paragraph: text")]
    [InlineData("</ul></table></pre></nav>text", "Paragraph: text")]
    [InlineData("te<b>x</i>t", "Paragraph: text")]
    [InlineData("a &lt;b&gt; &#128512; &unknown; &#0;", "Paragraph: a <b> 😀 &unknown; \uFFFD")]
    [InlineData("<svg/><p>text", "Paragraph: text")]
    public void Extract_MalformedMarkup_TextSurvives(string source, string expected) =>
        Documents.Html(source).Show().ShouldBe([expected]);

    [Theory]
    [InlineData("<table><tr><th><th>Basic<th>Pro<tr><td>Price<td>5<td>10</table>", "TableHeader: |  | Basic | Pro |⏎| --- | --- | --- |", "TableRow: | Price | 5 | 10 |")]
    [InlineData("<table><tr><td>a<td><td>c<tr><td><td><td>z</table>", "TableRow: | a |  | c |", "TableRow: |  |  | z |")]
    public void Extract_EmptyCells_KeepTheOthersInTheirColumns(string source, params string[] expected) =>
        Documents.Html(source).Show().ShouldBe(expected);

    [Theory]
    [InlineData("<ol start=5><li>x<li>y</ol>", "ListItem: 5. x", "ListItem: 6. y")]
    [InlineData("<ol start='-1'><li>x<li>y</ol>", "ListItem: -1. x", "ListItem: 0. y")]
    [InlineData("<ol start=many><li>x</ol>", "ListItem: 1. x")]
    [InlineData("<ol start=99999999999><li>x</ol>", "ListItem: 1. x")]
    public void Extract_OrderedList_IsNumberedAsAReaderSeesIt(string source, params string[] expected) =>
        Documents.Html(source).Show().ShouldBe(expected);

    [Fact]
    public void Extract_UnclosedHeading_DoesNotSwallowThePage() =>
        Documents.Html("<h1>Title<p>text<p>more").Show().ShouldBe(["Heading: Title", "Paragraph: text", "Paragraph: more"]);

    [Fact]
    public void Extract_LayoutTable_KeepsTheStructureInside() =>
        Documents.Html("<table><tr><td><h1>Title</h1><p>text</p><ul><li>item</ul></td></tr></table>").Show()
            .ShouldBe(["Heading: Title", "Paragraph: text", "ListItem: - item"]);

    [Fact]
    public void Extract_NoTitle_FirstHeadingIsTheTitle() =>
        Documents.Html("<h2>Second <i>level</i></h2><p>x").Title.ShouldBe("Second level");
}
