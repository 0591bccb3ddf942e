using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.Tokenization;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class SpecialistTargetTests
{
    [Fact]
    public void Of_KeysWithDots_AreNotMistakenForObjectsInside()
    {
        var part = Part(Examples(i => i % 3 == 0
            ? $$"""{"a": {"b": "{{(i % 2 == 0 ? "in" : "out")}}" } }"""
            : $$"""{"a.b": "{{(i % 2 == 0 ? "up" : "down")}}", "a": {"b": "{{(i % 2 == 0 ? "in" : "out")}}" } }"""));

        // Line 1 has no "a.b": absent. In line 2 both have a value.
        part.Labels(0).ShouldContain("a.b=");
        part.Labels(0).ShouldContain("a.b=\"in\"");
        part.Labels(1).ShouldContain("a.b=\"down\"");
        part.Labels(1).ShouldContain("a.b=\"out\"");
    }

    [Fact]
    public void Of_AnEmptyKey_IsAKey() =>
        Part(Examples(i => $$"""{"": "{{(i % 2 == 0 ? "x" : "y")}}"}""")).Labels(1).ShouldBe(["=\"y\""]);

    [Fact]
    public void Of_AMissingObject_SaysNothingOfWhatIsInIt()
    {
        var part = Part(Examples(i => i % 2 == 0 ? """{"who": null}""" : i % 4 == 1 ? """{"who": {"mood": "good"}}""" : """{"who": {}}"""));

        part.Labels(0).ShouldBe(["who=null"]);
        part.Labels(3).ShouldBe(["who={}", "who.mood="], ignoreOrder: true);
    }

    [Fact]
    public void Of_LabelsOfWhichSomeAreObjects_KnowsThemApart()
    {
        string[] values = ["{}", "{\"a\": 1}", "\"x\""];
        var part = Part(Examples(i => $$"""{"odd": {{values[i % 3]}}}"""));

        part.Labels(1).ShouldBe(["odd={\"a\":1}"]);
    }

    [Theory]
    [InlineData("{\"intent\": \"\\ud800\"}")]
    [InlineData("{\"\\udc00\": \"pay\"}")]
    public void Infer_HalfASurrogatePair_IsNoOutput(string broken)
    {
        var examples = Examples(i => i == 4 ? broken : $$"""{"intent": "{{(i % 2 == 0 ? "pay" : "ask")}}"}""");

        var part = Part(examples);

        part.Targets[4].IsOutOfScope.ShouldBeTrue();
        part.Targets[5].IsOutOfScope.ShouldBeFalse();
    }

    [Fact]
    public void Of_AnEmptyPart_IsNoPartOfTheText()
    {
        var examples = Examples(i => $$"""{"to": "{{(i % 3 == 0 ? "" : $"city{i}")}}"}""");
        var part = Part(examples);

        part.Specs.ShouldHaveSingleItem().Node.ShouldBeOfType<SpanNode>().Missing.ShouldBe("\"\"");
        part.Targets.ShouldAllBe(target => target.Tags[0] != null);
        part.Targets[0].Tags[0]!.ShouldAllBe(tag => tag == BioTags.Outside);
    }

    [Fact]
    public void Of_WhatOutputsHaveInsteadOfAPart_TeachesThatThereIsNone()
    {
        var part = Part(Examples(i => $$"""{"to": "{{(i % 9 == 0 ? "nowhere" : $"city{i}")}}"}"""));

        part.Specs.ShouldHaveSingleItem().Node.ShouldBeOfType<SpanNode>().Missing.ShouldBe("\"nowhere\"");
        part.Targets[0].Tags[0].ShouldNotBeNull().ShouldAllBe(tag => tag == BioTags.Outside);
    }

    private static SpecialistExample[] Examples(Func<int, string> output) =>
        [.. Enumerable.Range(0, 36).Select(i => new SpecialistExample(i + 1, $"go to city{i} now", output(i)))];

    private static Judged Part(SpecialistExample[] examples)
    {
        var schema = SchemaInference.Infer(examples);
        var specs = HeadSpec.For(schema.Root.ShouldNotBeNull());
        var tokenizer = WordPieceTokenizer.FromVocabulary(new StringReader("[UNK]\n[CLS]\n[SEP]\ngo\nto\nnow\n"));
        return new Judged(specs, SpecialistPart.Of(examples, "", tokenizer, 64, schema.IsPlainText, specs).Targets);
    }

    private sealed record Judged(IReadOnlyList<HeadSpec> Specs, IReadOnlyList<SpecialistTarget> Targets)
    {
        public string[] Labels(int text) =>
            [.. Specs.Index().Where(spec => Targets[text].Labels[spec.Index] >= 0).Select(spec => $"{spec.Item.Node.Path}={((LabelNode)spec.Item.Node).Values[Targets[text].Labels[spec.Index]]}")];
    }
}
