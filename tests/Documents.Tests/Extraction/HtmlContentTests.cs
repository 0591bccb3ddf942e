namespace RagPlatform.Documents.Tests.Extraction;

/// <summary>What of a page is kept, and what is told beside its text.</summary>
public sealed class HtmlContentTests
{
    private const string Prose = "The valve is opened before the pump is started, and closed after it has come to rest.";

    [Theory]
    [InlineData("<main>{0}</main>")]
    [InlineData("<div role=main>{0}</div>")]
    [InlineData("<article>{0}</article>")]
    [InlineData("<div>{0}</div>")]
    public void Extract_Page_KeepsItsMainPartAndNoFurniture(string frame)
    {
        var document = Documents.Html(
            "<body><header>Acme Inc.<p>The best pumps</header><div id=cookie-banner>We use cookies.<p>Accept all</div><nav><a href=/>Home</a></nav>"
            + "<ul class=menu><li><a href=/a>Pumps</a><li><a href=/b>Valves</a><li><a href=/c>Prices</a><li><a href=/d>About us</a></ul>"
            + string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, $"<h1>Operation</h1><p>{Prose}</p>")
            + "<aside>Read also: valves</aside><footer><p>© Acme</p></footer></body>");

        document.Show().ShouldBe(["Heading: Operation", $"Paragraph: {Prose}"]);
    }

    [Theory]
    [InlineData("<h2 id=cookies>Cookies</h2>")]
    [InlineData("<h2 id=pagination class=sidebar>Cookies</h2>")]
    [InlineData("<section id=pagination><h2>Cookies</h2></section>")]
    [InlineData("<main><div class=section id=newsletter><h2>Cookies</h2></div></main>")]
    [InlineData("<div class='post tag-cookies category-informed-consent'><h2>Cookies</h2></div>")]
    public void Extract_SectionThatIsNamedLikeFurniture_IsKept(string section) =>
        Documents.Html($"<p>{Prose}</p>{section}<p>{Prose}</p>".Replace("<main>", $"<main><p>{Prose}</p>", StringComparison.Ordinal)).Text.ShouldContain("Cookies");

    [Theory]
    [InlineData("<div class=cookieConsent><p>We use it.</p></div>")]
    [InlineData("<div id=gdpr-overlay><p>We use it.</p></div>")]
    [InlineData("<div id=onetrust-banner-sdk><p>We use it.</p></div>")]
    [InlineData("<div hidden><p>We use it.</p></div>")]
    [InlineData("<div style='color:red; display: none'><p>We use it.</p></div>")]
    public void Extract_BannersAndWhatIsNotShown_AreLeftOut(string banner) =>
        Documents.Html($"<p>{Prose}</p>{banner}<p>{Prose}</p>").Show().ShouldBe([$"Paragraph: {Prose}", $"Paragraph: {Prose}"]);

    [Fact]
    public void Extract_TextThatIsShownWhenFound_IsKept() =>
        Documents.Html($"<p>{Prose}</p><div hidden=until-found>Answer.</div>").Text.ShouldEndWith("Answer.");

    [Fact]
    public void Extract_MainWithNextToNothing_IsNotBelieved() =>
        Documents.Html($"<main><p>Loading</p></main><div><p>{Prose} {Prose}</p></div>").Text.ShouldContain(Prose);

    [Fact]
    public void Extract_NothingButBoilerplateOrLinks_IsKept()
    {
        Documents.Html("<footer><p>Only this.</p></footer>").Text.ShouldBe("Only this.");
        Documents.Html(string.Concat(Enumerable.Range(0, 9).Select(index => $"<p><a href=/{index}>Page {index}</a></p>"))).Blocks.Count.ShouldBe(9);
    }

    [Fact]
    public void Extract_Links_StandOnTheirWords()
    {
        var document = Documents.Html("<p>Read  <a href='/guide?x=1&amp;y=2'>the <b>guide</b></a> or <a href='#top'>go up</a>, <a href='mailto:a@example.org'>write</a>.</p><ul><li>See <a href=b>B</a></ul>");

        document.Links.Select(link => (document.Text[link.Start..link.End], link.Target)).ShouldBe([("the guide", "/guide?x=1&y=2"), ("write", "mailto:a@example.org"), ("B", "b")]);
    }

    [Fact]
    public void Extract_SpannedCells_StandInEveryColumnAndRowTheyReach()
    {
        var document = Documents.Html(
            "<table><tr><th rowspan=2>Unit<th colspan=2>Pressure<tr><th>min<th>max<tr><td rowspan=2>P7<td>1<td>2<tr><td>3<td>4</table>");

        document.Show().ShouldBe(
        [
            "TableHeader: | Unit | Pressure | Pressure |⏎| --- | --- | --- |", "TableRow: | Unit | min | max |", "TableRow: | P7 | 1 | 2 |", "TableRow: | P7 | 3 | 4 |",
        ]);
    }

    [Fact]
    public void Extract_ListInACellOfADataTable_StaysInTheCell() =>
        Documents.Html("<table><tr><th>Unit</th><td><ul><li>P7</li><li>P8</li></ul></td></tr></table>").Show().ShouldBe(["TableRow: | Unit | P7, P8 |"]);

    [Fact]
    public void Extract_DefinitionList_TermsStandWithWhatTheyMean() =>
        Documents.Html("<dl><dt>NPSH<dt>suction head<dd>What the pump needs.<dt>Flow</dt><dd><p>How much.</p></dl><p>End").Show()
            .ShouldBe(["ListItem: - NPSH, suction head: What the pump needs.", "ListItem: - Flow: How much.", "Paragraph: End"]);

    [Fact]
    public void Extract_CodeOfAKnownLanguage_IsFencedWithIt() =>
        Documents.Html("<pre class='prism language-python'><code><div>def f():</div><div>  return 1</div></code></pre>").Show().ShouldBe(["Code: ```python⏎def f():⏎  return 1⏎```"]);

    [Fact]
    public void Extract_Properties_AreThoseThePageStates()
    {
        var properties = Documents.Html(
            "<html lang=de-CH><head><meta name=author content='Ada L.'><meta property='article:published_time' content='2024-05-01T10:00:00Z'>"
            + "<meta property='article:modified_time' content='2024-06-02'><meta name=description content='About pumps'></head><p>x").Properties;

        properties.Language.ShouldBe("de");
        properties.Author.ShouldBe("Ada L.");
        properties.CreatedAt.ShouldBe(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero));
        properties.ModifiedAt.ShouldBe(new DateTimeOffset(2024, 6, 2, 0, 0, 0, TimeSpan.Zero));
        properties.Metadata["description"].ShouldBe("About pumps");
    }

    [Fact]
    public void Extract_AnyTags_NeverCrash_AndLinksStayInTheText()
    {
        string[] tags =
        [
            "<main>", "</main>", "<article>", "<p>", "</p>", "<table>", "</table>", "<tr>", "<td rowspan=3 colspan=2>", "<th>", "</td>", "<ul>", "<li>", "</ul>", "<a href=x>", "</a>", "<dl>", "<dt>", "<dd>",
            "</dl>", "<pre>", "</pre>", "<h2>", "</h2>", "<div class=cookie-banner>", "</div>", "<span aria-hidden=true>", "</span>", "<svg>", "</svg>", "word ", "other\n", "<br>", "<footer>", "</footer>", "<nav>", "</nav>",
        ];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var page = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => tags[random.Next(tags.Length)])) + "</pre></nav></svg></span></a><p>end";
            try
            {
                var document = Documents.Html(page);
                document.Links.ShouldAllBe(link => link.Start >= 0 && link.Start <= link.End && link.End <= document.Text.Length, $"seed {seed}: {page}");
            }
            catch (ExtractionException failure)
            {
                failure.Code.ShouldBe(ExtractionErrorCode.NoText, $"seed {seed}: {page}");
            }
        }
    }
}
