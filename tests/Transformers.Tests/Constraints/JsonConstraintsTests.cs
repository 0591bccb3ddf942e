using System.Text;
using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;
using RagPlatform.Transformers.Constraints;

namespace RagPlatform.Transformers.Tests.Constraints;

public sealed class JsonConstraintsTests
{
    private const string Invoice = """
        {
          "type": "object",
          "properties": {
            "number": { "type": "string", "minLength": 2, "maxLength": 5 },
            "total": { "type": "number" },
            "currency": { "enum": ["EUR", "USD", "¥\"\\"] },
            "lines": { "type": "array", "minItems": 1, "maxItems": 3, "items": { "$ref": "#/$defs/line" } },
            "paid": { "type": ["boolean", "null"] },
            "day": { "type": "string", "format": "date" }
          },
          "required": ["number", "lines"],
          "additionalProperties": false,
          "$defs": { "line": { "type": "object", "properties": { "text": { "type": "string" }, "count": { "type": "integer", "minimum": -2, "maximum": 12 } }, "required": ["text"], "additionalProperties": false } }
        }
        """;

    private const string Tree = """
        { "type": "object", "properties": { "value": { "type": "integer" }, "children": { "type": "array", "items": { "$ref": "#" } } }, "required": ["value"], "additionalProperties": false }
        """;

    private const string Either = """
        { "anyOf": [ { "type": "object", "properties": { "kind": { "const": "a" } }, "required": ["kind"], "additionalProperties": false }, { "type": "array", "items": { "type": "boolean" } }, { "type": "null" } ] }
        """;

    private const string Map = """{ "type": "object", "additionalProperties": { "type": "number" } }""";

    [Theory]
    [InlineData(Invoice)]
    [InlineData(Tree)]
    [InlineData(Either)]
    [InlineData(Map)]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task Schema_RandomTokens_EveryTextIsValid(string schema)
    {
        var oracle = schema == "true" ? new JsonSchema() : await JsonSchema.FromJsonAsync(schema);
        for (var seed = 0; seed < 25; seed++)
        {
            var text = RandomText(Constraint(schema), new Random(seed));
            // The oracle counts UTF-16 code units where JSON Schema counts characters.
            oracle.Validate(text).Where(error => error.Kind is not ValidationErrorKind.StringTooLong).ShouldBeEmpty($"seed {seed}: {text}");
            JsonDocument.Parse(text).Dispose();
        }
    }

    [Fact]
    public void AnyObject_RandomTokens_IsAnObject()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var document = JsonDocument.Parse(RandomText(Vocabularies.Json.AnyObject(), new Random(seed)));
            document.RootElement.ValueKind.ShouldBe(JsonValueKind.Object, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(Invoice, """{"number": "A1é","lines":[{"text":"\u00e9\ud83d\ude80", "count": -2}], "paid":null}""")]
    [InlineData(Invoice, """{"number":"AB","total":-0.5e-10,"currency":"¥\"\\","lines":[{"text":""}],"paid":true,"day":"2026-11-20"}""")]
    [InlineData(Tree, """{"value": -7, "children": [{"value": 0}, {"value": 1, "children": []}]}""")]
    [InlineData(Either, """{"kind": "a"}""")]
    [InlineData(Either, "[true,false]")]
    [InlineData(Either, " null")]
    [InlineData(Map, """{"a": 1, "b": 2.5}""")]
    [InlineData("""{ "enum": ["x", 1, null], "type": "integer" }""", "1")]
    [InlineData("""{ "enum": [1, 12, 123, "ab", "abc"] }""", "12")]
    [InlineData("""{ "enum": [1, 12, 123, "ab", "abc"] }""", "\"ab\"")]
    [InlineData("""{ "type": "array", "items": { "type": "integer", "minimum": -120, "maximum": 9999 } }""", "[-120, -9, 0, 7, 4321, 9999]")]
    [InlineData("""{ "type": "integer", "minimum": 18 }""", "123456789012345")]
    [InlineData("""{ "type": "integer", "format": "int32" }""", "5")]
    [InlineData("""{ "type": "integer", "maximum": -5 }""", "-41")]
    [InlineData("""{ "type": "string", "format": "date" }""", "\"2026-02-28\"")]
    public void Schema_TextThatItAdmits_IsAcceptedToItsEnd(string schema, string text)
    {
        var constraint = Constraint(schema);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            IsAllowed(constraint, value).ShouldBeTrue($"byte {value} of {text}");
            constraint.Accept(value);
        }

        constraint.MayEnd.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Invoice, """{"total":""", "the required number comes first")]
    [InlineData(Invoice, """{"number":"A",""", "two characters at least")]
    [InlineData(Invoice, """{"number":"ABCDEF""", "five at most")]
    [InlineData(Invoice, """{"number":"ABC","lines":[]""", "one line at least")]
    [InlineData(Invoice, """{"number":"ABC","lines":[{"text":"a","count":13""", "twelve at most")]
    [InlineData(Invoice, """{"number":"ABC","lines":[{"text":"a"}],"day":"2026-13""", "no thirteenth month")]
    [InlineData("""{ "type": "string", "format": "date" }""", "\"2026-02-3", "February is short")]
    [InlineData("""{ "type": "string", "format": "date" }""", "\"2026-11-31", "so is November")]
    [InlineData("""{ "type": "integer", "minimum": 18 }""", "17 ", "eighteen at least")]
    [InlineData("""{ "type": "integer", "minimum": -120, "maximum": 9999 }""", "-121", "no less than that")]
    [InlineData("""{ "type": "integer", "minimum": -120, "maximum": 9999 }""", "-0", "zero has no sign")]
    [InlineData(Tree, """{"value":01""", "no leading zero")]
    [InlineData(Tree, """{"value":1,}""", "no comma at the end")]
    [InlineData("{}", "\"\\ud800\"", "no lone surrogate")]
    [InlineData("{}", "\"\n", "no raw control character")]
    [InlineData("""{ "enum": ["x", 1], "type": "integer" }""", "\"", "only values of the type")]
    public void Schema_TextThatItForbids_IsRefused(string schema, string text, string because)
    {
        var constraint = Constraint(schema);
        Should.Throw<ArgumentException>(() => Array.ForEach(Encoding.UTF8.GetBytes(text), value => constraint.Accept(value)), because);
    }

    [Theory]
    [InlineData("""{ "type": "string", "pattern": "a+" }""", "#: pattern")]
    [InlineData("""{ "type": "object", "properties": { "a": { "not": {} } } }""", "#/properties/a: not")]
    [InlineData("""{ "$ref": "#/$defs/none" }""", "leads nowhere")]
    [InlineData("""{ "$ref": "https://example.org/schema" }""", "leads nowhere")]
    [InlineData("""{ "type": "number", "maximum": 1 }""", "maximum")]
    [InlineData("""{ "type": "integer", "minimum": 2, "maximum": 1 }""", "minimum 2 is above maximum 1")]
    [InlineData("""{ "properties": { "a": true, "a": { "type": "null" } } }""", "'a' is there twice")]
    [InlineData("""{ "properties": { "\ud800": true } }""", "Unicode")]
    [InlineData("""{ "enum": ["\udc00"] }""", "Unicode")]
    [InlineData("""{ "$ref": "#/\ud800" }""", "Unicode")]
    [InlineData("""{ "type": "string", "maxLength": 1000000 }""", "0 to 10000")]
    [InlineData("""{ "type": "object", "properties": {}, "required": ["a"] }""", "'a' is required")]
    [InlineData("""{ "type": "text" }""", "'text' is unknown")]
    [InlineData("""{ "enum": [] }""", "none of the values")]
    [InlineData("""{ "enum": "a" }""", "enum must be a list")]
    [InlineData("""{ "type": "string", "format": 7 }""", "format is 7")]
    [InlineData("""{ "type": "string", "format": "date", "maxLength": 20 }""", "minLength or maxLength")]
    [InlineData("""{ "allOf": [{}, {}] }""", "allOf")]
    [InlineData("""{ "a": 1, "a": 2 }""", "twice")]
    [InlineData("[]", "#: a schema is an object")]
    public void Schema_WhatCannotBeHeldTo_IsRefusedByName(string schema, string named) =>
        Should.Throw<InvalidDataException>(() => Constraint(schema)).Message.ShouldContain(named);

    [Fact]
    public void Schema_LargerThanItsLimits_IsRefusedBeforeTheFirstToken()
    {
        var values = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"{i}{new string('x', 1000)}\""));
        var properties = string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"p{i}\": true"));

        Should.Throw<InvalidDataException>(() => Constraint($$"""{ "properties": { "a": { "enum": [{{values}}] } } }""")).Message.ShouldContain("bytes");
        Should.Throw<InvalidDataException>(() => Constraint($$"""{ "properties": { {{properties}} } }""")).Message.ShouldContain("1000 properties");
    }

    [Fact]
    public void Schema_ManyValuesAndOptionalProperties_AreHeldTo()
    {
        var properties = string.Join(',', Enumerable.Range(0, 999).Select(i => $$"""
            "p{{i}}": { "enum": ["{{i}}", "{{i}}a"] }
            """));
        var values = string.Join(',', Enumerable.Range(0, 9000));
        var constraint = Constraint($$"""{ "type": "object", "properties": { {{properties}}, "q": { "enum": [{{values}}] } } }""");

        foreach (var value in """{"p7":"7a","p998":"998","q":8999}"""u8.ToArray())
        {
            IsAllowed(constraint, value).ShouldBeTrue();
            constraint.Accept(value);
        }

        constraint.MustEnd.ShouldBeTrue();
    }

    [Fact]
    public void Schema_ReferenceToItself_AdmitsNothing()
    {
        var constraint = Constraint("""{ "$ref": "#" }""");
        constraint.MayEnd.ShouldBeFalse();
        IsAllowed(constraint, '{').ShouldBeFalse();
    }

    [Fact]
    public void Mask_AnyState_IsWhatAcceptSays()
    {
        var random = new Random(7);
        var constraint = Constraint(Invoice);
        var written = new List<int>();
        for (var step = 0; step < 12 && !constraint.MustEnd; step++)
        {
            var allowed = Allowed(constraint);
            for (var token = 0; token < Vocabularies.Mixed.VocabularySize; token++)
            {
                allowed.Contains(token).ShouldBe(Accepts(written, token), $"step {step}, token {token}");
            }

            written.Add(Choose(allowed, random));
            constraint.Accept(written[^1]);
        }

        static bool Accepts(List<int> written, int token)
        {
            var again = Constraint(Invoice);
            written.ForEach(again.Accept);
            return Record.Exception(() => again.Accept(token)) is null;
        }
    }

    private static string RandomText(ITokenConstraint constraint, Random random)
    {
        var bytes = new List<byte>();
        while (!constraint.MustEnd && !(constraint.MayEnd && random.Next(4) == 0))
        {
            var token = Choose(Allowed(constraint), random);
            bytes.AddRange(Vocabularies.Mixed[token]);
            constraint.Accept(token);
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
    }

    /// <summary>What closes is taken more often, so that texts end.</summary>
    private static int Choose(List<int> allowed, Random random)
    {
        var closing = allowed.Where(token => token is '"' or '}' or ']' or '1').ToList();
        var from = closing.Count > 0 && random.Next(3) > 0 ? closing : allowed;
        return from[random.Next(from.Count)];
    }

    private static bool IsAllowed(ITokenConstraint constraint, int token) => Allowed(constraint).Contains(token);

    private static List<int> Allowed(ITokenConstraint constraint)
    {
        var logits = new float[Vocabularies.Mixed.VocabularySize];
        constraint.Mask(logits);
        return [.. Enumerable.Range(0, logits.Length).Where(token => logits[token] == 0)];
    }

    private static ITokenConstraint Constraint(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return Vocabularies.Json.Schema(document.RootElement.Clone());
    }
}
