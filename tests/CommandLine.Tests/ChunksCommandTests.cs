using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests;

public sealed class ChunksCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Preview_OfAFile_ShowsBoundsTokensContextAndWhatIsRepeated()
    {
        var file = Path.Combine(rag.Folder.Path, "guide.md");
        await File.WriteAllTextAsync(file, "One is [here]. Two is here. Three.");

        var ran = await rag.RunAsync("chunks", "preview", file, "--chunking", "parent-child", "--chunk-tokens", "20", "--collection", "manuals");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        foreach (var said in (string[])["Guide  text/markdown, 33 characters: 2 chunks of 5 to 8 tokens (7 on average) of letters, by parent-child, 20 tokens", "A picture was left out.", "=== parent 0-33 ===", "--- 0 8 tokens, 0-27, page 1  Guide > Name | Amount", "One is [here]. Two is here.", "--- 1 5 tokens, 15-33", "«Two is here.» Three."])
        {
            ran.Out.ShouldContain(said);
        }

        ran.Lines.Count(line => line.StartsWith("=== parent", StringComparison.Ordinal)).ShouldBe(1);
        var previewed = rag.Gateway.Previewed!;
        (previewed.Collection, previewed.Uri, previewed.Content.ToStringUtf8()).ShouldBe(("manuals", "guide.md", "One is [here]. Two is here. Three."));
        previewed.Chunking.ShouldBe(new ChunkingSettings { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 20 });
    }

    [Fact]
    public async Task Preview_OfAStoredDocument_AsksForItAndPrintsJson()
    {
        var ran = await rag.RunAsync("chunks", "preview", "--document", "docs/guide.md", "--document-version", "3", "--json");

        (rag.Gateway.Previewed!.DocumentId, rag.Gateway.Previewed.Version, rag.Gateway.Previewed.Content.Length, rag.Gateway.Previewed.Chunking).ShouldBe(("docs/guide.md", 3L, 0, null));
        ran.Json.GetProperty("chunks")[0].GetProperty("parentEndOffset").GetInt32().ShouldBe(33);
        ran.Json.GetProperty("chunking").GetProperty("strategy").GetString().ShouldBe("structure");
    }

    [Fact]
    public async Task Preview_OfNothingOrTooMuch_SaysSo()
    {
        (await rag.RunAsync("chunks", "preview")).Err.ShouldContain("Give a file or --document ID.");
        (await rag.RunAsync("chunks", "preview", "a.md", "--document", "b")).ExitCode.ShouldBe(ExitCode.Usage);
        var file = Path.Combine(rag.Folder.Path, "large.txt");
        await File.WriteAllBytesAsync(file, new byte[(2 * 1024 * 1024) + 1]);
        (await rag.RunAsync("chunks", "preview", file)).Err.ShouldContain("has 2097153 bytes; the limit of a preview is 2097152.");
        (await rag.RunAsync("chunks", "preview", Path.Combine(rag.Folder.Path, "absent.md"))).ExitCode.ShouldBe(ExitCode.Failed);
    }
}
