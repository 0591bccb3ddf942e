using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Documents.Tests.Formats.Json;

public sealed class JsonProperties
{
    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 7);

    private static readonly string[] Names = ["name", "title", "id", "value", "a b", "größe", "tags", "x.y", "p|q", "\"", ""];

    private static readonly string[] Texts = ["Oslo", "a, b", "two\nlines", "pipe | here", "back\\slash", "😀", "true", "", " ", "漢字", "x\r\n\r\ny", new string('w', 250)];

    [Fact]
    public void Extract_AnyJson_EveryNameAndValueIsInTheText() =>
        Prop.ForAll(Value(4).Select(value => value.ToJsonString()).ToArbitrary(), json =>
        {
            ExtractedDocument document;
            try
            {
                document = Documents.Extract(Encoding.UTF8.GetBytes(json), "application/json");
            }
            catch (ExtractionException failure) when (failure.Code == ExtractionErrorCode.NoText)
            {
                Strings(JsonNode.Parse(json)).ShouldAllBe(text => string.IsNullOrWhiteSpace(text));
                return;
            }

            document.ShouldKeepItsPromises();
            var said = Bare(document.Text);
            foreach (var text in Strings(JsonNode.Parse(json)))
            {
                said.ShouldContain(Bare(text), Case.Sensitive, json);
            }
        }).Check(Reproducible);

    private static Gen<JsonNode> Value(int depth)
    {
        var text = Gen.Elements(Texts).Select(text => (JsonNode)JsonValue.Create(text));
        var number = Gen.Choose(-1_000_000, 1_000_000).Select(number => (JsonNode)JsonValue.Create(number));
        var scalar = Gen.OneOf(text, number);
        if (depth == 0)
        {
            return scalar;
        }

        var list = Value(depth - 1).ListOf().Resize(5).Select(items => (JsonNode)new JsonArray([.. items.Select(item => item.DeepClone())]));
        var members = from name in Gen.Elements(Names) from value in Value(depth - 1) select (name, value);
        var map = members.ListOf().Resize(5).Select(Object);
        return Gen.OneOf(scalar, list, map, map);
    }

    private static JsonNode Object(IEnumerable<(string Name, JsonNode Value)> members)
    {
        var map = new JsonObject();
        foreach (var (name, value) in members)
        {
            map[name] = value.DeepClone();
        }

        return map;
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Strings(member.Value).Prepend(member.Key)),
        JsonArray list => list.SelectMany(Strings),
        JsonValue value => [value.ToString()],
        _ => [],
    };

    /// <summary>White space is laid out anew, and bars are escaped in tables.</summary>
    private static string Bare(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character))).Replace("\\|", "|");
}
