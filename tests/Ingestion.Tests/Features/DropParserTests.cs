using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Features.DropDocuments;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class DropParserTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260101, 4711);
    private static readonly DropParser Parser = Create(48 * 1024 * 1024);

    [Theory]
    [InlineData("", "NOT_JSON", "body", null)]
    [InlineData("hello", "NOT_JSON", "body", null)]
    [InlineData("{\"collection\":\"docs\",\n \"text\":}", "NOT_JSON", "body", null)]
    [InlineData("{\"collection\":\"docs\",\"text\":\"a\"} {}", "NOT_JSON", "body", null)]
    [InlineData("{\"id\":[[[[[[[[[[1]]]]]]]]]]}", "NOT_JSON", "body", null)]
    [InlineData("[1]", "NOT_AN_OBJECT", "body", null)]
    [InlineData("{\"text\":\"a\"}", "MISSING_FIELD", "collection", null)]
    [InlineData("{\"text\":\"a\",\"collection\":\"Über uns\",\"id\":\"x\"}", "INVALID_FIELD", "collection", null)]
    [InlineData("{\"text\":\"a\",\"collection\":7}", "WRONG_TYPE", "collection", null)]
    [InlineData("{\"text\":\"a\",\"collection\":\"docs\",\"tenant\":\"A/B\"}", "INVALID_FIELD", "tenant", null)]
    [InlineData("{\"text\":\"a\",\"collection\":\"docs\",\"apiKey\":\"wrong\"}", "UNKNOWN_API_KEY", "apiKey", null)]
    [InlineData("{\"text\":\"a\",\"collection\":\"docs\",\"apiKey\":\"key of acme\",\"tenant\":\"other\"}", "TENANT_MISMATCH", "tenant", null)]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\"}", "NO_CONTENT", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"contentRef\":\"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"}", "NO_CONTENT", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"contentRef\":\"../../etc/passwd\"}", "INVALID_FIELD", "contentRef", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"contentRef\":\"sha256:CA978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"}", "INVALID_FIELD", "contentRef", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"contentRef\":7}", "WRONG_TYPE", "contentRef", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"operation\":\"delete\",\"contentRef\":\"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"}", "UNEXPECTED_CONTENT", "contentRef", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"contentBase64\":\"YQ==\"}", "NO_CONTENT", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"text\":null}", "NO_CONTENT", "text", null)]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":5}", "WRONG_TYPE", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"\\ud800\"}", "INVALID_ENCODING", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"contentBase64\":\"YWJj!WJj\"}", "INVALID_BASE64", "contentBase64", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"contentBase64\":\"YWJ\"}", "INVALID_BASE64", "contentBase64", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"operation\":\"merge\",\"text\":\"a\"}", "UNKNOWN_OPERATION", "operation", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"operation\":\"delete\",\"text\":\"a\"}", "UNEXPECTED_CONTENT", "text", "x")]
    [InlineData("{\"collection\":\"docs\",\"operation\":\"delete\"}", "NO_ID", "id", null)]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"metadata\":{\"year\":2024}}", "WRONG_TYPE", "metadata.year", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"metadata\":[]}", "WRONG_TYPE", "metadata", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"metadata\":{\"a\":\"1\",\"a\":\"2\"}}", "REPEATED_FIELD", "metadata.a", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"Title\":\"t\"}", "UNKNOWN_FIELD", "Title", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"id\":\"y\",\"text\":\"a\"}", "REPEATED_FIELD", "id", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"batch\":\"Run 1\"}", "INVALID_FIELD", "batch", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"x\",\"text\":\"a\",\"batch\":7}", "WRONG_TYPE", "batch", "x")]
    [InlineData("{\"collection\":\"docs\",\"id\":\"a\\u0000b\",\"text\":\"a\"}", "INVALID_FIELD", "id", null)]
    public void Drop_ThatCannotBeTaken_NamesItsField(string body, string code, string field, string? documentId)
    {
        var rejection = Should.Throw<DropRejectedException>(() => Parser.Parse(Encoding.UTF8.GetBytes(body)));

        (rejection.Code, rejection.Field, rejection.Document?.DocumentId).ShouldBe((code, field, documentId));
        rejection.Message.ShouldStartWith(field + ": ");
        rejection.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public void NotJson_SaysWhere()
    {
        var rejection = Should.Throw<DropRejectedException>(() => Parser.Parse("{\"collection\":\"docs\",\n \"text\":}"u8.ToArray()));
        rejection.Message.ShouldContain("line 2, byte 9");
    }

    [Fact]
    public void Base64_SaysFromWhichPosition() =>
        Should.Throw<DropRejectedException>(() => Parser.Parse("{\"collection\":\"docs\",\"contentBase64\":\"YWJj!WJj\"}"u8.ToArray())).Message.ShouldContain("position 5");

    [Fact]
    public void BodyOverTheLimit_IsAttributed_WhereverItsNameStands()
    {
        var body = $"{{\"text\":\"{new string('a', 5000)}\",\"id\":\"late\",\"collection\":\"docs\",\"tenant\":\"acme\"}}";
        var rejection = Should.Throw<DropRejectedException>(() => Create(2048).Parse(Encoding.UTF8.GetBytes(body)));

        (rejection.Code, rejection.Field, rejection.Document).ShouldBe(("BODY_TOO_LARGE", "body", new("acme", "docs", "late")));
        rejection.Message.ShouldContain("2048");
    }

    [Fact]
    public void Drop_WithEveryField_IsReadVerbatim()
    {
        var drop = Parser.Parse("""{"metadata":{"a":"1"},"contentBase64":"YWJj\/w==","contentType":"text/plain","title":"T \u00e9","uri":"u","id":"i","collection":"docs","tenant":"acme","operation":"upsert"}"""u8.ToArray());

        drop.IsDeletion.ShouldBeFalse();
        (drop.Document.Tenant, drop.Document.Collection, drop.Document.Id, drop.Document.Uri, drop.Document.Title, drop.Document.ContentType).ShouldBe(("acme", "docs", "i", "u", "T é", "text/plain"));
        drop.Document.Metadata.ShouldBe(new Dictionary<string, string> { ["a"] = "1" });
        drop.Document.Content.ToArray().ShouldBe([(byte)'a', (byte)'b', (byte)'c', 0xFF]);
    }

    [Fact]
    public void ApiKey_DecidesTheTenant() =>
        Parser.Parse("{\"collection\":\"docs\",\"text\":\"a\",\"apiKey\":\"key of acme\"}"u8.ToArray()).Document.Tenant.ShouldBe("acme");

    [Fact]
    public void Id_LeftOut_IsAHashOfTheUri_ElseOfTheContent()
    {
        var ofUri = Parser.Parse("{\"collection\":\"docs\",\"text\":\"a\",\"uri\":\"u\"}"u8.ToArray()).Document.Id;
        Parser.Parse("{\"collection\":\"docs\",\"text\":\"b\",\"uri\":\"u\"}"u8.ToArray()).Document.Id.ShouldBe(ofUri);
        Parser.Parse("{\"collection\":\"docs\",\"operation\":\"delete\",\"uri\":\"u\"}"u8.ToArray()).Document.Id.ShouldBe(ofUri);
        var ofContent = Parser.Parse("{\"collection\":\"docs\",\"text\":\"a\"}"u8.ToArray()).Document.Id;
        Parser.Parse("{\"collection\":\"docs\",\"contentBase64\":\"YQ==\"}"u8.ToArray()).Document.Id.ShouldBe(ofContent);
        ofContent.ShouldNotBe(ofUri);
    }

    [Fact]
    public void Id_LeftOutBesideAReference_IsThatOfTheContentItself() =>
        Parser.Parse("{\"collection\":\"docs\",\"contentRef\":\"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"}"u8.ToArray()).Document.Id
            .ShouldBe(Parser.Parse("{\"collection\":\"docs\",\"text\":\"a\"}"u8.ToArray()).Document.Id);

    [Fact]
    public void AnyBytes_GiveADropOrARejection() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => ParsesOrRejects(bytes)).Check(Quick);

    [Fact]
    public void AnyDamageToAGoodDrop_GivesADropOrARejection()
    {
        var good = Encoding.UTF8.GetBytes("{\"id\":\"x\",\"collection\":\"docs\",\"uri\":\"u\",\"title\":\"\\u00e9\",\"contentType\":\"text/plain\",\"text\":\"a\\n\",\"metadata\":{\"a\":\"1\"},\"operation\":\"upsert\",\"tenant\":\"acme\",\"apiKey\":\"key of acme\"}");
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<int>(), (patch, seed) =>
        {
            var damaged = (byte[])good.Clone();
            var at = (int)((uint)seed % (uint)good.Length);
            patch.AsSpan(0, Math.Min(patch.Length, good.Length - at)).CopyTo(damaged.AsSpan(at));
            ParsesOrRejects(damaged);
            ParsesOrRejects(good[..at]);
        }).Check(Quick);
    }

    [Fact]
    public void AnyText_SurvivesTheRoundTrip() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<byte[]>(), (text, bytes) =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text.Get);
            var asText = Parser.Parse(JsonSerializer.SerializeToUtf8Bytes(new { collection = "docs", text = Encoding.UTF8.GetString(utf8) }));
            asText.Document.Content.Span.SequenceEqual(utf8).ShouldBeTrue();
            var asBase64 = Parser.Parse(JsonSerializer.SerializeToUtf8Bytes(new { collection = "docs", contentBase64 = Convert.ToBase64String(bytes) }));
            asBase64.Document.Content.Span.SequenceEqual(bytes).ShouldBeTrue();
        }).Check(Quick);

    private static void ParsesOrRejects(byte[] body)
    {
        try
        {
            Parser.Parse(body).Document.Id.ShouldNotBeEmpty();
        }
        catch (DropRejectedException rejection)
        {
            rejection.Field.ShouldNotBeNull();
        }
    }

    private static DropParser Create(int maxBytes)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:ApiKeys:0:Key", "key of acme"), new("Gateway:ApiKeys:0:Tenant", "acme")]).Build();
        return new DropParser(new DropTenants("default", configuration), Options.Create(new IngestionOptions { MaxDropBytes = maxBytes }));
    }
}
