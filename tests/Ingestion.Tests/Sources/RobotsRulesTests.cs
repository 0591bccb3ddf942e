using System.Text;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Tests.Sources;

/// <summary>The examples are those of RFC 9309, and what sites do beyond.</summary>
public sealed class RobotsRulesTests
{
    [Theory]
    [InlineData("User-agent: *\nDisallow: /private", "/private/x", false)]
    [InlineData("User-agent: *\nDisallow: /private", "/public", true)]
    [InlineData("User-agent: *\nDisallow:", "/anything", true)]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /open", "/open/page", true)]
    [InlineData("User-agent: *\nAllow: /page\nDisallow: /page", "/page", true)]
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/a/b.gif", false)]
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/a/b.gif?x", true)]
    [InlineData("User-agent: *\nDisallow: /a*c", "/abbbc/d", false)]
    [InlineData("User-agent: *\nDisallow: /\nUser-agent: ragplatform\nDisallow: /only", "/page", true)]
    [InlineData("User-agent: *\nDisallow: /\nUser-agent: RagPlatform\nDisallow: /only", "/only/page", false)]
    [InlineData("User-agent: Other\nUser-agent: RagPlatform\nDisallow: /both", "/both", false)]
    [InlineData("User-agent: Other\nDisallow: /", "/page", true)]
    [InlineData("\uFEFFuser-agent : * # all\r\nDISALLOW : /x # not this\r\n\r\nSitemap: https://example.com/s.xml", "/x", false)]
    [InlineData("Disallow: /", "/page", true)]
    [InlineData("User-agent: *\nDisallow: /", "/robots.txt", true)]
    [InlineData("<html>not found</html>", "/page", true)]
    [InlineData("", "/page", true)]
    public void Allows_AsTheRfcSays(string robots, string path, bool expected) =>
        RobotsRules.Read(Encoding.UTF8.GetBytes(robots), "RagPlatform").Allows(new Uri($"https://example.com{path}")).ShouldBe(expected);

    [Fact]
    public void Allows_HostilePattern_TakesNoTime()
    {
        var robots = RobotsRules.Read(Encoding.UTF8.GetBytes($"User-agent: *\nDisallow: /{string.Concat(Enumerable.Repeat("*a", 500))}$"), "RagPlatform");

        robots.Allows(new Uri($"https://example.com/{new string('a', 1500)}b")).ShouldBeTrue();
    }
}
