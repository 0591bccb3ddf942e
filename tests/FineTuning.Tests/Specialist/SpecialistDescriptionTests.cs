using System.Text;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class SpecialistDescriptionTests
{
    [Fact]
    public void Write_OutputsAsDeepAsJsonIsRead_ReadsBack()
    {
        const int depth = 60;
        var schema = SchemaInference.Infer([.. Enumerable.Range(0, 20).Select(i => new SpecialistExample(i + 1, $"text {i}",
            string.Concat(Enumerable.Repeat("{\"in\":", depth)) + (i % 2 == 0 ? "true" : "false") + new string('}', depth)))]);
        using var stream = new MemoryStream();

        Description(schema.Root!).Write(stream);

        stream.Position = 0;
        HeadSpec.For(SpecialistDescription.Read(stream).Output).ShouldHaveSingleItem().Outputs.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"kind\": \"label\"", "\"kind\": \"riddle\"")]
    [InlineData("\"kind\": \"label\",", "")]
    [InlineData("\"kind\": \"label\"", "\"kind\": null")]
    [InlineData("\"values\": [", "\"values\": null, \"others\": [")]
    [InlineData("\"output\": {", "\"output\": null, \"others\": {")]
    [InlineData("\"temperatures\": [", "\"temperatures\": null, \"others\": [")]
    [InlineData("\"version\": 2", "\"version\": 1")]
    [InlineData("\"version\": 2", "\"version\": \"two\"")]
    public void Read_WhatIsDamaged_IsRefused(string from, string to)
    {
        using var stream = new MemoryStream();
        Description(new LabelNode("", ["1", "2"])).Write(stream);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        text.ShouldContain(from);
        using var damaged = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));

        Should.Throw<InvalidDataException>(() => SpecialistDescription.Read(damaged)).Message.ShouldContain("specialist.json");
    }

    private static SpecialistDescription Description(OutputNode root) => new()
    {
        Version = SpecialistDescription.CurrentVersion,
        BaseModel = "tiny",
        IsAdapter = true,
        Output = root,
        JsonSchema = "{}",
        FeatureScale = 1,
        Temperatures = [1],
        Confidence = ConfidenceScale.None,
        OutOfScope = null,
    };
}
