namespace RagPlatform.CommandLine.Tests;

public sealed class DoctorTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Doctor_EverythingAgrees_SaysSo()
    {
        rag.Gateway.LostDocuments.Clear();

        var ran = await rag.RunAsync("doctor", "--json");

        ran.Json.EnumerateArray().Last().GetProperty("summary").GetString().ShouldBe("registry and index agree on 9 documents");
    }

    [Fact]
    public async Task Doctor_IndexLostDocuments_NamesThemAndTheRemedy()
    {
        rag.Gateway.LostDocuments.Clear();
        rag.Gateway.LostDocuments.AddRange(["guide.md", "faq.md", "a", "b"]);

        var ran = await rag.RunAsync("doctor");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Out.ShouldContain("4 differences: docs/guide.md: the index holds none");
        ran.Out.ShouldContain("doctor --repair");
    }

    [Fact]
    public async Task Doctor_Repair_TellsWhatWasMended()
    {
        rag.Gateway.LostDocuments.Clear();
        rag.Gateway.LostDocuments.Add("guide.md");

        var ran = await rag.RunAsync("doctor", "--repair", "--json");

        var consistency = ran.Json.EnumerateArray().Last();
        consistency.GetProperty("summary").GetString().ShouldBe("1 difference mended: docs/guide.md: the index holds none");
        consistency.GetProperty("severity").GetString().ShouldBe("warning");
    }
}
