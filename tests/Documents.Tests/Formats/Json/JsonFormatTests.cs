using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Json;

public sealed class JsonFormatTests
{
    private const string Json = "application/json";

    private const string JsonLines = "application/x-ndjson";

    private const string Catalogue =
        """
        {
          "title": "Pump catalogue",
          "currency": "EUR",
          "tags": ["water", "industry"],
          "contact": { "name": "A. Berg", "phone": "+47 1234" },
          "nothing": null, "empty": {}, "none": [], "blank": "",
          "price": 12345678901234567890.10, "tiny": 1e-400,
          "twice": 1, "twice": 2,
          "description": "The pumps of series 7 run without oil.\n\nThey are mounted on a frame of steel, which carries the motor too. Each is tested for a day before it leaves the works, and its log is kept for ten years.",
          "pumps": [
            { "model": "P-1", "flow": 10, "use": "garden | pond" },
            { "model": "P-2", "flow": 20, "use": null },
            { "model": "P-3", "flow": 40, "housing": { "material": "steel" } }
          ],
          "matrix": [[1, 2], [3, 4]],
          "chapters": [
            { "title": "Mounting", "steps": [{ "text": "Place it.", "tools": [{ "name": "spanner" }] }, "Check it."] },
            { "id": 7, "warnings": { "electric": { "level": { "value": 3, "unit": [{"a": {"b": 1}}] } } } }
          ]
        }
        """;

    private const string Tickets =
        """
        {"id": "T-1", "subject": "Pump is loud", "body": "It has been loud since March.\n\nPlease send someone.", "labels": ["pump", "noise"]}

        {"id": "T-2", "subject": "Invoice", "body": "The invoice of May is wrong: it lists the pump twice, once with its old number and once with its new one, and the sum is wrong as well. I have asked for it before. Please correct it and send it again, to both of our addresses."}
        [1, {"a": 2}]
        """;

    [Fact]
    public void Extract_Catalogue_ReadsAsLinesTablesAndSections() => Read(Catalogue, Json).ShouldBeAsApproved("catalogue.json");

    [Fact]
    public void Extract_Tickets_AreSectionsThatKnowTheirLines() => Read(Tickets, JsonLines).ShouldBeAsApproved("tickets.jsonl");

    [Fact]
    public void Extract_FlatRecords_AreATable() =>
        Read("{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}\n", JsonLines).Show().ShouldBe(["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | 1 | x |", "TableRow: | 2 | y |"]);

    [Theory]
    [InlineData("\"only a string\"", "Paragraph: only a string")]
    [InlineData("12.50", "Paragraph: 12.50")]
    [InlineData("[\"a\", 1, true, null]", "ListItem: - a", "ListItem: - 1", "ListItem: - true", "ListItem: - null")]
    [InlineData("{\"a\\u00e9\\n b\": \"x\\ty\"}", "Paragraph: aé b: x\ty")]
    [InlineData("{\"\": 1}", "Paragraph: \"\": 1")]
    [InlineData("{\"half\": \"a\\ud83d b\", \"\\udc00\": 1}", "Paragraph: half: a\uFFFD b⏎\uFFFD: 1")]
    [InlineData("{\"nul\": \"a\\u0000b\"}", "Paragraph: nul: ab")]
    public void Extract_Value_ReadsAsWritten(string json, params string[] expected) => Read(json, Json).Show().ShouldBe(expected);

    [Fact]
    public void Extract_OtherEncodings_AreRead()
    {
        byte[] utf16 = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"a\": \"Grüße\"}")];
        byte[] marked = [0xEF, 0xBB, 0xBF, .. "{\"a\": \"Grüße\"}"u8];

        Documents.Extract(utf16, Json).Text.ShouldBe("a: Grüße");
        Documents.Extract(marked, Json).Text.ShouldBe("a: Grüße");
    }

    [Fact]
    public void Extract_TitleWithNul_IsWithoutIt() => Read("{\"title\": \"a\\u0000b\"}", Json).Title.ShouldBe("ab");

    [Theory]
    [InlineData("{\n  \"a\": 1,\n}", "line 3, column 1")]
    [InlineData("{\n  // why\n  \"a\": 1 }", "line 2, column 3")]
    [InlineData("{\"ä\": x}", "line 1, column 7")]
    [InlineData("{\"a\": [1, 2}", "line 1, column 12")]
    [InlineData("{\"a\": 01}", "line 1, column 8")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{} {}", "line 1, column 4")]
    public void Extract_BrokenJson_NamesLineAndColumn(string json, string place)
    {
        var failure = Should.Throw<ExtractionException>(() => Read(json, Json));

        failure.Code.ShouldBe(ExtractionErrorCode.Damaged);
        failure.Message.ShouldContain(place);
        failure.Message.ShouldNotContain("BytePositionInLine");
    }

    [Fact]
    public void Extract_BrokenLine_NamesIt() =>
        Should.Throw<ExtractionException>(() => Read("{\"a\":1}\n\n{\"a\":}\n", JsonLines)).Message.ShouldContain("line 3, column 6");

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Extract_Nesting_IsReadUpToTheLimit(int depth, bool isRead)
    {
        var json = string.Concat(Enumerable.Repeat("[", depth)) + "1" + string.Concat(Enumerable.Repeat("]", depth));

        if (isRead)
        {
            Read(json, Json).Text.ShouldContain('1');
            return;
        }

        var failure = Should.Throw<ExtractionException>(() => Read(json, Json));
        failure.Code.ShouldBe(ExtractionErrorCode.TooDeep);
        failure.Message.ShouldContain("64");
    }

    [Fact]
    public void Extract_ManyValuesVeryDeep_AreRefusedInTime()
    {
        var json = new string('[', 60) + string.Concat(Enumerable.Repeat("1,", 5_000_000)) + "1" + new string(']', 60);

        Should.Throw<ExtractionException>(() => Read(json, Json)).Code.ShouldBe(ExtractionErrorCode.TooLarge);
    }

    [Theory]
    [InlineData("{\"a\": 1}", Json)]
    [InlineData(" [ { \"a\": 1 }, 2 ]", Json)]
    [InlineData("{\"a\": 1}\n{\"a\": 2}\n", JsonLines)]
    [InlineData("[1] Smith, 2003", "text/plain")]
    [InlineData("[1]", "text/plain")]
    [InlineData("{braces} in a text", "text/plain")]
    [InlineData("{\"quoted\"} text", "text/plain")]
    [InlineData("[link]: https://example.org", "text/plain")]
    public void Detect_WithoutAName_OnlyJsonIsJson(string text, string expected) =>
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(text))!.ContentType.ShouldBe(expected);

    [Fact]
    public void Detect_LinesThatAreLongerThanWhatIsLookedAtOfJson_AreJsonLines()
    {
        var line = $"{{\"text\": \"{new string('w', 10_000)}\"}}\n";

        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(line + line))!.ContentType.ShouldBe(JsonLines);
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(line))!.ContentType.ShouldBe(Json);
    }

    [Fact]
    public void Extract_LinesThatAreCalledJson_AreReadAsLinesAndTold()
    {
        var document = Read("\uFEFF{\"a\": 1}\r\n\r\n{\"a\": 2}\r\n", Json);

        document.Show().ShouldBe(["TableHeader: | a |⏎| --- |", "TableRow: | 1 |", "TableRow: | 2 |"]);
        document.Warnings.ShouldHaveSingleItem().ShouldContain("JSON Lines");
    }

    [Fact]
    public void Extract_DamagedJson_IsReadOrRefused()
    {
        Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Catalogue), Json, times: 400);
        Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Tickets), JsonLines, times: 200);
    }

    private static ExtractedDocument Read(string text, string contentType) => Documents.Extract(Encoding.UTF8.GetBytes(text), contentType);
}
