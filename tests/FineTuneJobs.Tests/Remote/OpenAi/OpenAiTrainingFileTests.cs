using System.Text;
using RagPlatform.FineTuneJobs.Remote.OpenAi;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

public sealed class OpenAiTrainingFileTests
{
    [Fact]
    public void Write_ToolsWeightsAndGroups_AreAsTheDocumentationHasThem()
    {
        const string calls = """[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]""";
        var text = Write(new ChatExample(
            1, "a group",
            [
                new ChatTurn("user", "How is it?", null, 1), new ChatTurn("assistant", "Wait.", null, 0), new ChatTurn("user", "Well?", null, 1), new ChatTurn("assistant", "", calls, 1),
                new ChatTurn("tool", "sunny", null, 1), new ChatTurn("assistant", "Sunny.", null, 1),
            ],
            """[{"type":"function","function":{"name":"weather"}}]"""));

        TrainingLines.FindFault(text).ShouldBeNull();
        text.ShouldContain("\"tool_call_id\":\"call_1\"");
        text.ShouldContain("\"weight\":0");
        text.ShouldNotContain("group");
    }

    [Theory]
    [InlineData("quotes \" and \\ and\nlines")]
    [InlineData("ünïcode “quotes” 😀")]
    [InlineData("\u0000 control \u001f")]
    public void Write_AnyText_IsOneLineOfJson(string content)
    {
        var text = Write(new ChatExample(1, "", [new ChatTurn("user", content, null, 1), new ChatTurn("assistant", content, null, 1)], null));

        TrainingLines.FindFault(text).ShouldBeNull();
        text.Count(letter => letter == '\n').ShouldBe(1);
        ((string?)System.Text.Json.Nodes.JsonNode.Parse(text)!["messages"]![0]!["content"]).ShouldBe(content);
    }

    private static string Write(params TrainingExample[] examples)
    {
        using var stream = new MemoryStream();
        OpenAiTrainingFile.Write(examples, stream).ShouldBe(examples.Length);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
