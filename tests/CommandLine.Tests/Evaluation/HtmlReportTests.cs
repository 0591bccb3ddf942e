using System.Xml.Linq;

namespace RagPlatform.CommandLine.Tests.Evaluation;

public sealed class HtmlReportTests : EvaluationFixture
{
    [Fact]
    public async Task Html_OfATunedRun_StandsAloneAndShowsEveryPart()
    {
        var page = await ReportAsync([.. Enumerable.Range(1, 20).Select(i => ($"{i}", $"d{i}"))], "--tune");

        page.ShouldNotContain("http");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("<link");
        page.ShouldNotContain("@import");
        page.ShouldNotContain("NaN");
        page.ShouldNotContain("Infinity");
        page.ShouldContain("prefers-color-scheme: dark");
        foreach (var heading in (string[])["How good the rankings are", "Query by query", "The weight of the vectors", "The worst queries"])
        {
            page.ShouldContain($"<h2>{heading}</h2>");
        }
    }

    [Fact]
    public async Task Html_Pictures_AreWellFormedAndDescribed()
    {
        var page = await ReportAsync([("one", "d1"), ("two", "d2")]);

        var pictures = page.Split("<svg ").Skip(1).Select(part => XElement.Parse("<svg " + part[..(part.IndexOf("</svg>", StringComparison.Ordinal) + 6)])).ToArray();
        pictures.Length.ShouldBe(4); // the bars, and a distribution for each arm
        pictures.ShouldAllBe(picture => picture.Attribute("role")!.Value == "img" && picture.Attribute("aria-label")!.Value.Length > 10);
    }

    [Fact]
    public async Task Html_WithMarkupInAQuery_ShowsItAsText()
    {
        var page = await ReportAsync([("<script>alert(1)</script> & more", "d1")]);

        page.ShouldNotContain("<script>");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more");
    }

    private async Task<string> ReportAsync((string, string)[] queries, params string[] options)
    {
        WriteSet("set", queries);
        Gateway.Rank = request => request.Query.Length == 1 ? ["x", $"d{request.Query}"] : [$"d{request.Query}"];
        var ran = await RunAsync(["eval", "retrieval", "set", "--html", "report.html", .. options]);
        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        return await File.ReadAllTextAsync(Folder.File("report.html"));
    }
}
