using RagPlatform.FineTuning.Datasets.Sensitive;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class SensitiveDataTests
{
    // Put together here, so that no scanner of this repository takes them for real.
    private static readonly string Filler = string.Concat(Enumerable.Repeat("a1B2c3D4", 8));

    [Theory]
    [InlineData("sk-proj-", 40, "an API key")]
    [InlineData("ghp_", 36, "a GitHub token")]
    [InlineData("github_pat_", 40, "a GitHub token")]
    [InlineData("glpat-", 20, "a GitLab token")]
    [InlineData("AIza", 35, "a Google API key")]
    [InlineData("xoxb-", 30, "a Slack token")]
    [InlineData("sk_live_", 24, "a Stripe key")]
    [InlineData("hf_", 34, "a Hugging Face token")]
    [InlineData("npm_", 36, "an npm token")]
    [InlineData("AccountKey=", 60, "an Azure storage key")]
    public void Secret_OfAKnownShape_IsFoundWhereItStands(string prefix, int length, string kind)
    {
        var span = SensitiveData.Find($"use {prefix}{Filler[..length]}, please").ShouldHaveSingleItem();

        span.ShouldBe(new SensitiveSpan(kind, true, 4, prefix.Length + length));
    }

    [Fact]
    public void Secret_OfOtherShapes_IsFound()
    {
        Kinds($"AKIA{new string('Q', 16)}").ShouldBe(["an AWS access key"]);
        Kinds($"eyJ{Filler}.eyJ{Filler}.{Filler}").ShouldBe(["a JSON Web Token"]);
        Kinds("-----BEGIN RSA " + "PRIVATE KEY-----\nMII").ShouldBe(["a private key"]);
        Kinds("postgres://admin:hunter2" + "@db.local:5432/x").ShouldContain("a password in a URL");
    }

    [Theory]
    [InlineData("write to ann.b+c@mail.company.de today", "an e-mail address")]
    [InlineData("call +49 30 901820 today", "a telephone number")]
    [InlineData("call (212) 867-5309 today", "a telephone number")]
    [InlineData("pay to DE89 3704 0044 0532 0130 00 THANKS", "a bank account (IBAN)")]
    [InlineData("pay to GB82WEST12345698765432.", "a bank account (IBAN)")]
    [InlineData("card 4111 1111 1111 1111 exp 12/27", "a payment card's number")]
    [InlineData("card 378282246310005", "a payment card's number")]
    public void PersonalData_IsFound(string text, string kind)
    {
        var span = SensitiveData.Find(text).ShouldHaveSingleItem();

        (span.Kind, span.IsSecret).ShouldBe((kind, false));
        text.Substring(span.Position, span.Length).ShouldNotEndWith(" ");
    }

    [Theory]
    [InlineData("see you at 2026-11-20 18:33, version 10.0.14, build 20261120")]
    [InlineData("card 4111 1111 1111 1112 fails Luhn, DE89 3704 0044 0532 0130 01 fails 97")]
    [InlineData("order 1234567890123456 of part AB12CD34")]
    [InlineData("write to ann@example.com or bob@shop.test; call 555-0142")]
    [InlineData("task-list risk-free desk-mounted sk-short https://host:8080/path@x")]
    [InlineData("pi is 3.14159265358979323846")]
    [InlineData("")]
    public void OrdinaryText_IsLeftAlone(string text) => Kinds(text).ShouldBeEmpty();

    [Fact]
    public void LongHostileText_TakesLinearTime()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var piece in new[] { "a@", "a.", "1 ", "+49 ", "eyJa.", "a://b:", "A1 ", "sk-", "(212) " })
        {
            SensitiveData.Find(string.Concat(Enumerable.Repeat(piece, 50_000)));
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<string> Kinds(string text) => SensitiveData.Find(text).Select(span => span.Kind);
}
