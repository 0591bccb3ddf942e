using RagPlatform.CommandLine.Watch;

namespace RagPlatform.CommandLine.Tests.Watch;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData("a.md", true)]
    [InlineData("deep/er/a.TXT", true)]
    [InlineData("report.docx", true)]
    [InlineData("mail/a.eml", true)]
    [InlineData("package.json", false)]
    [InlineData("src/a.cs", false)]
    [InlineData("a.png", false)]
    [InlineData("README", false)]
    [InlineData("deep/~$plan.docx", false)]
    [InlineData("deep/plan.docx", true)]
    public void IsDocument_NothingIncluded_IsDecidedByTheEnding(string path, bool expected) => new PathRules([], []).IsDocument(path).ShouldBe(expected);

    [Theory]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "deep/a.log", true)]
    [InlineData("/*.log", "deep/a.log", false)]
    [InlineData("deep/*.log", "deep/a.log", true)]
    [InlineData("deep/*.log", "other/deep/a.log", false)]
    [InlineData("**/deep/*.log", "other/deep/a.log", true)]
    [InlineData("deep/", "deep/er/a.anything", true)]
    [InlineData("deep/", "other/deep/a", true)]
    [InlineData("*.log", "a.md", false)]
    public void IsDocument_Included_IsAsInGitignore(string pattern, string path, bool expected) => new PathRules([pattern], []).IsDocument(path).ShouldBe(expected);

    [Theory]
    [InlineData("draft-*", "deep/draft-1.md", false)]
    [InlineData("/draft-*", "deep/draft-1.md", true)]
    [InlineData("drafts/", "drafts", true)]
    [InlineData("a.md", "ba.md", true)]
    public void IsDocument_Excluded_IsLeftOutEvenWhereItIsIncluded(string pattern, string path, bool expected) => new PathRules(["*"], [pattern]).IsDocument(path).ShouldBe(expected);

    [Theory]
    [InlineData("drafts/", "deep/drafts", false)]
    [InlineData("drafts", "drafts", false)]
    [InlineData("/drafts", "deep/drafts", true)]
    [InlineData("deep/drafts/", "deep/drafts", false)]
    [InlineData("x", "deep/.git", false)]
    [InlineData("x", "node_modules", false)]
    [InlineData("x", "deep", true)]
    public void IsEntered_ExcludedHiddenOrOfPackages_IsNot(string pattern, string path, bool expected) => new PathRules([], [pattern]).IsEntered(path).ShouldBe(expected);
}
