using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NJsonSchema;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class SchemaInferenceTests
{
    [Fact]
    public void Infer_ConstantLabelBooleanAndNumberKeys_SaysEachKind()
    {
        var schema = Infer(Enumerable.Range(0, 40).Select(i => (
            $"message {i} of someone",
            $$"""{"version": 2, "intent": "{{(i % 3 == 0 ? "pay" : "ask")}}", "urgent": {{(i % 2 == 0 ? "true" : "false")}}, "stars": {{i % 5}}}""")));

        schema.Fields.Select(field => (field.Name, field.Kind)).ShouldBe([("version", "constant"), ("intent", "label"), ("urgent", "boolean"), ("stars", "number")]);
        schema.Fields[1].Values.ShouldBe(["ask", "pay"]);
        schema.NotLearnable.ShouldBeEmpty();
    }

    [Fact]
    public void Infer_ValuesOfTheText_AreSpansInTheFormThatOutputsHave()
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => ($"Fly to  CITY{i} now", $$"""{"to": "city{{i}}"}""")));

        schema.Fields.ShouldHaveSingleItem().Kind.ShouldBe("span");
        schema.Root.ShouldBeOfType<ObjectNode>().Members[0].Node.ShouldBeOfType<SpanNode>().Form.ShouldBe(SpanForm.LowerCase);
    }

    [Fact]
    public void Infer_NumbersOfTheText_AreReadFromDigitsAndWords()
    {
        string[] words = ["two", "seventeen", "twenty-one", "three hundred and", "1,250"];
        int[] values = [2, 17, 21, 300, 1250];
        var schema = Infer(Enumerable.Range(0, 30).Select(i => i < 5
            ? ($"a table for {words[i]} people", $$"""{"people": {{values[i]}}}""")
            : ($"a table for {i * 7} people", $$"""{"people": {{i * 7}}}""")));

        schema.Fields.ShouldHaveSingleItem().ShouldBe(new InferredField("people", "number", [], false), FieldsEqual);
        schema.JsonSchema.ShouldContain("integer");
    }

    [Fact]
    public void Infer_ListOfNameAndValue_IsEntitiesWhateverTheKeysAreCalled()
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => (
            $"play song{i} by artist{i}", $$"""{"slots": [{"what": "song", "text": "song{{i}}"}, {"what": "artist", "text": "artist{{i}}"}]}""")));

        var field = schema.Fields.ShouldHaveSingleItem();
        (field.Name, field.Kind).ShouldBe(("slots", "entities"));
        field.Values.ShouldBe(["artist", "song"]);
    }

    [Fact]
    public void Infer_ListOfClosedSet_IsLabels()
    {
        string[] topics = ["\"price\"", "\"quality\"", "\"speed\""];
        var schema = Infer(Enumerable.Range(0, 32).Select(i => (
            $"text {i}", $$"""{"topics": [{{string.Join(',', topics.Where((_, bit) => (i >> bit & 1) == 1))}}]}""")));

        schema.Fields.ShouldHaveSingleItem().Kind.ShouldBe("labels");
        schema.Fields[0].Values.ShouldBe(["price", "quality", "speed"]);
    }

    [Fact]
    public async Task Infer_AbsentAndNull_AreOptionalValuesOfTheirOwn()
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => ($"text {i}", (i % 3) switch
        {
            0 => "{\"mood\": \"good\", \"who\": null}",
            1 => "{\"mood\": \"bad\"}",
            _ => "{\"mood\": null}",
        })));

        schema.Fields.ShouldContain(field => field.Name == "mood" && field.IsOptional && field.Values.Contains("good"));
        var validator = await JsonSchema.FromJsonAsync(schema.JsonSchema);
        validator.Validate("""{"mood": null}""").ShouldBeEmpty();
        validator.Validate("""{"mood": "other"}""").ShouldNotBeEmpty();
    }

    [Fact]
    public void Infer_FreeText_IsNotLearnableAndSaysWhy()
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => ($"text {i}", $$"""{"ok": {{(i % 2 == 0 ? "true" : "false")}}, "summary": "Something new {{i * 31}} was said"}""")));

        schema.Fields.Select(field => field.Name).ShouldBe(["ok"]);
        schema.NotLearnable.ShouldHaveSingleItem().ShouldContain("summary");
        schema.JsonSchema.ShouldNotContain("summary");
    }

    [Fact]
    public void Infer_PlainLabels_AreOneLabelAtTheRoot()
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => ($"text {i}", i % 2 == 0 ? "card_arrival" : "lost_card")));

        schema.IsPlainText.ShouldBeTrue();
        schema.Fields.ShouldHaveSingleItem().ShouldBe(new InferredField("$", "label", ["card_arrival", "lost_card"], false), FieldsEqual);
    }

    [Fact]
    public void Infer_MostOutputsRefusals_LearnsTheObjectsOfTheOthers()
    {
        var schema = Infer(Enumerable.Range(0, 60).Select(i => ($"text {i}", i % 3 > 0 ? "I cannot help with that." : $$"""{"intent": "{{(i % 2 == 0 ? "pay" : "ask")}}"}""")));

        schema.IsPlainText.ShouldBeFalse();
        schema.Fields.ShouldHaveSingleItem().Values.ShouldBe(["ask", "pay"]);
    }

    [Fact]
    public void Infer_IntegersOfTheTextOrAFractionInstead_AreNumbers()
    {
        var schema = Infer(Enumerable.Range(0, 40).Select(i => ($"a table for {i * 7}", $$"""{"people": {{(i % 7 == 6 ? "4.5" : $"{i * 7}")}}}""")));

        var span = schema.Root.ShouldBeOfType<ObjectNode>().Members[0].Node.ShouldBeOfType<SpanNode>();
        (span.Form, span.Missing).ShouldBe((SpanForm.Number, "4.5"));
    }

    [Fact]
    public void Infer_ListOfTextsAndNumbers_WritesAllAsTextsAndSaysSo()
    {
        var schema = Infer(Enumerable.Range(0, 40).Select(i => (
            $"city{i} for {i * 7}", $$"""{"slots": [{"name": "city", "value": "city{{i}}"}, {"name": "people", "value": {{i * 7}}}]}""")));

        schema.Root.ShouldBeOfType<ObjectNode>().Members[0].Node.ShouldBeOfType<EntitiesNode>().Form.ShouldBe(SpanForm.AsWritten);
        schema.NotLearnable.ShouldHaveSingleItem().ShouldContain("40 of its 80 values are numbers");
    }

    [Fact]
    public void Infer_AnEmptyKeyThatIsNullOrAbsent_IsLeftOut() =>
        Infer(Enumerable.Range(0, 20).Select(i => ($"text {i}", i % 2 == 0 ? """{"": null, "ok": true}""" : """{"ok": false}"""))).Fields.Select(field => field.Name).ShouldBe(["ok"]);

    [Fact]
    public void Infer_AnObjectThatIsEmptyOrNull_IsALabel() =>
        Infer(Enumerable.Range(0, 20).Select(i => ($"text {i}", i % 2 == 0 ? """{"extra": {}}""" : """{"extra": null}"""))).Fields.ShouldHaveSingleItem().Kind.ShouldBe("label");

    [Theory]
    [InlineData("oos")]
    [InlineData("Out of scope")]
    [InlineData("out_of_domain")]
    public void Infer_OutOfScopeLabel_IsOutputButNoClass(string strange)
    {
        var schema = Infer(Enumerable.Range(0, 30).Select(i => ($"text {i}", $$"""{"intent": "{{(i % 3 == 0 ? "pay" : i % 3 == 1 ? "ask" : strange)}}"}""")));

        var label = schema.Root.ShouldBeOfType<ObjectNode>().Members[0].Node.ShouldBeOfType<LabelNode>();
        label.Values.ShouldBe(["\"ask\"", "\"pay\""]);
        label.OutOfScope.ShouldBe($"\"{strange}\"");
        schema.JsonSchema.ShouldContain(strange);
    }

    [Theory]
    [InlineData("{\"a\": 1}")]
    [InlineData("yes")]
    public void Infer_OneOutputForAll_LearnsNothing(string output)
    {
        var schema = Infer(Enumerable.Range(0, 10).Select(i => ($"text {i}", output)));

        schema.Root.ShouldBeNull();
        schema.NotLearnable.ShouldNotBeEmpty();
    }

    [Fact]
    public void Infer_NoExample_LearnsNothing() => SchemaInference.Infer([]).Root.ShouldBeNull();

    [Fact]
    public void Infer_AnyOutputs_NeitherThrowsNorForgetsToSayWhatIsLeftOut()
    {
        var outputs = Json(3).ListOf().Where(list => list.Count > 0);

        Prop.ForAll(outputs.ToArbitrary(), async list =>
        {
            var schema = Infer(list.Select((output, i) => ($"text {i} of 7 and some", output)));
            if (schema.Root is null)
            {
                schema.NotLearnable.ShouldNotBeEmpty();
            }
            if (schema.JsonSchema.Length > 0)
            {
                (await JsonSchema.FromJsonAsync(schema.JsonSchema)).ShouldNotBeNull();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 7));
    }

    private static Gen<string> Json(int depth)
    {
        var scalar = Gen.Elements("null", "true", "false", "7", "-1.5", "\"some\"", "\"text\"", "\"\"", "free words", "1e400", "{", "\"\\ud83d\\ude00\"");
        return depth == 0 ? scalar : Gen.Frequency(
            (2, scalar),
            (2, Json(depth - 1).ListOf(2).Select(items => $"[{string.Join(',', items)}]")),
            (4, Json(depth - 1).ListOf(2).Select(items => $$"""{"name": {{items[0]}}, "value": {{items[1]}}}""")));
    }

    private static InferredSchema Infer(IEnumerable<(string Text, string Output)> examples) =>
        SchemaInference.Infer([.. examples.Select((example, i) => new SpecialistExample(i + 1, example.Text, example.Output))]);

    private static readonly IEqualityComparer<InferredField> FieldsEqual = EqualityComparer<InferredField>.Create(
        (left, right) => JsonSerializer.Serialize(left) == JsonSerializer.Serialize(right), field => field.Name.GetHashCode(StringComparison.Ordinal));
}
