using Grpc.Core;
using RagPlatform.Generation.Tests.Hosting;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Generation.V1;
using RagPlatform.Protos.Search.V1;
using Part = RagPlatform.Protos.Generation.V1.AnswerResponse.PartOneofCase;

namespace RagPlatform.Generation.Tests.Answer;

public sealed class AnswerStreamTests
{
    private const string Readme = """
        # Example

        Example is a service that keeps notes.

        ## Run the tests

        Run all the tests with one command:

        ```bash
        ./example test --all
        ```

        The tests take about 40 seconds.

        ## License

        MIT.
        """;

    private static Library Notes => new Library().Add("README.md", Readme, "Example", "Run the tests");

    [Fact]
    public async Task Answer_QuestionThatTheSourcesAnswer_StreamsSourcesTextCitationsCompletion()
    {
        await using var host = await GenerationHost.StartAsync(Notes);

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Order.First().ShouldBe(Part.Sources);
        answer.Order.Distinct().ShouldBe([Part.Sources, Part.Text, Part.Citations, Part.Completion]);
        answer.Text.ShouldContain("Run all the tests with one command: [1]");
        answer.Text.ShouldContain("./example test --all [1]");
        answer.Citations.ShouldContain(citation => citation.Quote == "./example test --all");
        answer.ShouldCiteOnlyWhatIsStored(host.Library);
        answer.Completion.Model.ShouldBe("extractive");
        answer.Completion.Evidence.ShouldBeInRange(0.3, 1);
        answer.Completion.Timings.Where(timing => timing.IsModel).Select(timing => timing.Part).ShouldBe(["question embedding", "sentence embedding"]);
    }

    [Fact]
    public async Task Answer_QuestionAboutSomethingElse_AbstainsForWeakEvidence()
    {
        await using var host = await GenerationHost.StartAsync(Notes);

        var answer = await host.AskAsync("Who won the 1966 World Cup?");

        answer.Order.ShouldBe([Part.Sources, Part.Abstention, Part.Completion]);
        answer.Abstention!.Reason.ShouldBe(AbstentionReason.WeakEvidence);
        answer.Abstention.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Answer_EmptyCollection_AbstainsForNothingFound()
    {
        await using var host = await GenerationHost.StartAsync(new Library());

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Order.ShouldBe([Part.Sources, Part.Abstention, Part.Completion]);
        answer.Sources.ShouldBeEmpty();
        answer.Abstention!.Reason.ShouldBe(AbstentionReason.NothingFound);
    }

    [Fact]
    public async Task Answer_WithAFilter_ReadsOnlyWhatRetrievalFindsThroughIt()
    {
        await using var host = await GenerationHost.StartAsync(new Library());
        var filter = new Filter { Not = new Filter { Condition = new Condition { Field = "draft", Exists = true } } };

        var answer = await host.AskAsync("How do I run the tests?", filter: filter);
        await host.AskAsync("How do I run the tests?");

        host.Retrieval.Requests.Select(request => request.Filter).ShouldBe([filter, null]);
        answer.Abstention!.Message.ShouldContain("that the filter lets through");
    }

    [Fact]
    public async Task Answer_RetrievalClaimsTextThatIsNotStored_QuotesNothingOfIt()
    {
        var library = Notes;
        library.ForgedChunkTexts[0] = Readme.Replace("--all", "--now", StringComparison.Ordinal).Replace("Run all", "Use all", StringComparison.Ordinal);
        await using var host = await GenerationHost.StartAsync(library, ("Generation:Extractive:MaxSentences", "1"));

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Text.ShouldBeEmpty();
        answer.Abstention!.Reason.ShouldBe(AbstentionReason.UnsupportedAnswer);
        answer.Completion.UnsupportedCitations.ShouldBePositive();
    }

    [Fact]
    public async Task Answer_DocumentDeletedBetweenRetrievalAndAnswer_AbstainsAsUnsupported()
    {
        var library = Notes;
        await using var host = await GenerationHost.StartAsync(library);
        library.ForgedChunkTexts[0] = Readme;
        library.StoredTexts.Clear();

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Abstention!.Reason.ShouldBe(AbstentionReason.UnsupportedAnswer);
        answer.Citations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_Sources_AreReadInOneCallAndCitationsInAnother()
    {
        await using var host = await GenerationHost.StartAsync(Notes.Add("other.md", "You can run the tests of a single folder with its path.", "Run the tests"));

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Citations.Count.ShouldBeGreaterThan(1);
        host.Ingestion.Requests.Select(request => (request.Tenant, request.WidenToParent)).ShouldBe([("acme", true), ("acme", false)]);
    }

    [Theory]
    [InlineData("", "docs", "q", "", 0, StatusCode.PermissionDenied, "tenant")]
    [InlineData("acme", "Docs!", "q", "", 0, StatusCode.InvalidArgument, "collection")]
    [InlineData("acme", "docs", " \n", "", 0, StatusCode.InvalidArgument, "question")]
    [InlineData("acme", "docs", "q", "", 51, StatusCode.InvalidArgument, "top_k")]
    [InlineData("acme", "docs", "q", "", -1, StatusCode.InvalidArgument, "top_k")]
    [InlineData("acme", "docs", "q", "gpt", 0, StatusCode.InvalidArgument, "model")]
    [InlineData("acme", "docs", "q", "openai/any", 0, StatusCode.FailedPrecondition, "model")]
    public async Task Answer_BadRequest_IsRefusedNamingTheField(string tenant, string collection, string question, string model, int topK, StatusCode status, string field)
    {
        await using var host = await GenerationHost.StartAsync(Notes);

        var failure = await Should.ThrowAsync<RpcException>(() => host.AskAsync(question, model, topK, tenant, collection));

        failure.StatusCode.ShouldBe(status);
        FailureStatus.FromRpcException(failure)!.Field.ShouldBe(field);
        host.Retrieval.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task Answer_QuestionAtTheLimit_IsAnsweredAndBeyondItRefused(int characters, bool accepted)
    {
        await using var host = await GenerationHost.StartAsync(Notes);
        var question = string.Concat(Enumerable.Repeat("tests ", 1400))[..characters];

        if (accepted)
        {
            (await host.AskAsync(question)).Completion.ShouldNotBeNull();
        }
        else
        {
            (await Should.ThrowAsync<RpcException>(() => host.AskAsync(question))).Status.Detail.ShouldContain("8192");
        }
    }

    [Fact]
    public async Task Answer_TopK_DefaultsTo8()
    {
        await using var host = await GenerationHost.StartAsync(Notes);

        await host.AskAsync("How do I run the tests?");

        host.Retrieval.Requests.ShouldHaveSingleItem().TopK.ShouldBe(8);
    }

    [Fact]
    public async Task ListModels_WithoutEndpoint_NamesTheExtractiveAnswererAlone()
    {
        await using var host = await GenerationHost.StartAsync(Notes);

        var models = (await host.Client.ListModelsAsync(new ListModelsRequest())).Models;

        models.ShouldHaveSingleItem().ShouldBe(new Model { Id = "extractive", IsDefault = true });
    }
}
