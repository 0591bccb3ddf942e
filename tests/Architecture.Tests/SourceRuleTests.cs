using System.Text.RegularExpressions;

namespace RagPlatform.Architecture.Tests;

/// <summary>House rules that a reader would otherwise have to remember.</summary>
public sealed partial class SourceRuleTests
{
    private const int MaxLines = 400;
    private const int MaxProgramLines = 15;

    [Fact]
    public void GeneratedProtoTypes_InServices_StopAtMappingsClientsAndTheGrpcService() =>
        UsersOf("using RagPlatform.Protos.", "services/").ShouldAllBe(file => Ends(file, "Mapping.cs", "GrpcService.cs", "Client.cs", "Module.cs"));

    [Fact]
    public void MassTransitTypes_InServices_StopAtConsumersDefinitionsPublishersAndModules() =>
        UsersOf("using MassTransit", "services/").ShouldAllBe(file => Ends(file, "Consumer.cs", "ConsumerDefinition.cs", "Publisher.cs", "Module.cs"));

    [Fact]
    public void RpcServices_ContainNoStorage() =>
        Repository.SourceFiles.Where(file => file.EndsWith("GrpcService.cs", StringComparison.Ordinal))
            .Where(file => Repository.ReadLines(file).Any(line => line.Contains("using Dapper", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void Programs_OfServices_FitIn15Lines() =>
        Repository.SourceFiles.Where(file => file.StartsWith("services/", StringComparison.Ordinal) && file.EndsWith("/Program.cs", StringComparison.Ordinal))
            .Where(file => Repository.ReadLines(file).Count(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal)) > MaxProgramLines)
            .ShouldBeEmpty();

    [Fact]
    public void SourceFiles_AreShort() =>
        Repository.SourceFiles.Where(file => Repository.ReadLines(file).Length > MaxLines).ShouldBeEmpty();

    [Fact]
    public void Names_OfFoldersAndFiles_SayWhatIsInThem()
    {
        string[] vague = ["Common", "Shared", "Utils", "Utilities", "Helpers", "Helper", "Core", "Manager", "Misc"];
        Repository.SourceFiles.Where(file => file.Split('/').Any(part => vague.Contains(Path.GetFileNameWithoutExtension(part)))).ShouldBeEmpty();
    }

    [Fact]
    public void UnfinishedMarks_AreNowhere() =>
        Repository.SourceFiles.Where(file => !file.EndsWith("SourceRuleTests.cs", StringComparison.Ordinal))
            .Where(file => Repository.ReadLines(file).Any(line => UnfinishedMark.IsMatch(line)))
            .ShouldBeEmpty();

    [Fact]
    public void TestFiles_NeverSleep() =>
        Repository.SourceFiles.Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && !file.StartsWith("tests/TestKit/", StringComparison.Ordinal) && !file.EndsWith("SourceRuleTests.cs", StringComparison.Ordinal))
            .Where(file => Repository.ReadLines(file).Any(line => line.Contains("Thread.Sleep", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void ProductCode_TakesTimeAndRandomnessFromOutside() =>
        Repository.SourceFiles.Where(file => file.StartsWith("services/", StringComparison.Ordinal) || file.StartsWith("engines/", StringComparison.Ordinal) || file.StartsWith("libraries/", StringComparison.Ordinal))
            .Where(file => Repository.ReadLines(file).Any(line => AmbientTimeOrRandomness.IsMatch(line)))
            .ShouldBeEmpty();

    [Fact]
    public void MachinePaths_AreNowhere()
    {
        string[] textFiles = [".cs", ".md", ".csproj", ".props", ".targets", ".sh", ".mjs", ".json", ".proto", ".cmd"];
        var files = Repository.Files.Where(file => textFiles.Contains(Path.GetExtension(file)) || file is "rag" or ".ci/run");

        files.Where(file => Repository.ReadLines(file).Any(line => MachinePath.IsMatch(line))).ShouldBeEmpty();
    }

    [Fact]
    public void EveryService_HasAReadme() =>
        Repository.Projects.Where(project => project.Room == "services")
            .Select(project => Path.GetDirectoryName(project.File)!.Replace('\\', '/') + "/README.md")
            .Except(Repository.Files)
            .ShouldBeEmpty();

    private static IEnumerable<string> UsersOf(string text, string room) =>
        Repository.SourceFiles.Where(file => file.StartsWith(room, StringComparison.Ordinal) && Repository.ReadLines(file).Any(line => line.StartsWith(text, StringComparison.Ordinal)));

    private static bool Ends(string file, params string[] endings) => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UnfinishedMark { get; }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bRandom\.Shared\b|\bnew Random\(\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AmbientTimeOrRandomness { get; }

    [GeneratedRegex(@"(^|[^A-Za-z0-9_./-])/(tmp|work|root|farm|home)/[A-Za-z0-9_]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MachinePath { get; }
}
