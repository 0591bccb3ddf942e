using System.Text;
using Google.Protobuf;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>Models count in their own ways; chunks are cut by each.</summary>
public sealed class TokenizerClientTests : IAsyncLifetime, IDisposable
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n##b\n";
    private readonly FakeEmbedding _embedding = new();
    private TestServer _server = null!;
    private TokenizerClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeNeighbours.StartAsync(_embedding, new FakeRetrieval());
        _client = new TokenizerClient(new EmbeddingService.EmbeddingServiceClient(_server.Channel));
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose() => _client?.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokenizer_OfWordPieces_IsTheSameInTheAnswerOrInParts(bool inTheAnswer)
    {
        _embedding.Tokenizer = Answer("wordpiece", inTheAnswer ? Vocabulary : "");
        _embedding.TokenizerFile = Encoding.UTF8.GetBytes(Vocabulary);

        var tokenizer = await GetAsync();

        tokenizer.Count("A abb a").ShouldBe(5);
        tokenizer.RoomTokens.ShouldBe(64 - 2 - 3);
        tokenizer.Hash.ShouldBe("wordpiece True " + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Vocabulary))));
        (await GetAsync()).ShouldBeSameAs(tokenizer);
        _embedding.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Tokenizer_OfATokenizerJson_CountsItsPieces()
    {
        _embedding.Tokenizer = Answer("json", "");
        _embedding.TokenizerFile = """
            {"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁a",-1],["b",-2],["bb",-2.5],["▁größe",-3]]},
             "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}}
            """u8.ToArray();

        var tokenizer = await GetAsync();

        tokenizer.Count("abb größe").ShouldBe(3);
        tokenizer.Hash.ShouldStartWith("json ");
    }

    [Theory]
    [InlineData(300, 300 - 2 - 3)]
    [InlineData(0, int.MaxValue)]
    public async Task Tokenizer_ThatIsNotShown_IsGuessedByBytes(int maxTokens, int room)
    {
        _embedding.Tokenizer = Answer("none", "");
        _embedding.Tokenizer.MaxTokens = maxTokens;

        var tokenizer = await GetAsync();

        new[] { "", "a", "abc", "abcd", "größe", "東京" }.Select(text => tokenizer.Count(text)).ShouldBe([0, 1, 1, 2, 3, 2]);
        tokenizer.RoomTokens.ShouldBe(room);
    }

    [Theory]
    [InlineData("sentencepiece", "", "'sentencepiece'")]
    [InlineData("json", "{", "tokenizer.json")]
    [InlineData("wordpiece", "a", "[UNK]")]
    public async Task Tokenizer_ThatIsUnknownOrDamaged_IsRefusedAndAskedForAgain(string kind, string file, string reason)
    {
        _embedding.Tokenizer = Answer(kind, "");
        _embedding.TokenizerFile = Encoding.UTF8.GetBytes(file);

        var failure = await Should.ThrowAsync<ServiceException>(GetAsync);

        (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "TOKENIZER_UNKNOWN"));
        failure.Message.ShouldContain(reason);
        _embedding.Tokenizer = Answer("wordpiece", Vocabulary);
        (await GetAsync()).Count("a").ShouldBe(1);
    }

    /// <summary>Of the room, 40 tokens are left for headings.</summary>
    [Theory]
    [InlineData(130, 0, 88)]
    [InlineData(130, 30, 58)]
    [InlineData(0, 0, 200)]
    public async Task Chunks_OfAModelWithAPrefix_LeaveItItsRoom(int maxTokens, int prefixTokens, int longest)
    {
        using var folder = new TestFolder();
        await using var host = await IngestionHost.StartAsync(folder.Path);
        host.Embedding.Tokenizer = Answer("wordpiece", Vocabulary);
        (host.Embedding.Tokenizer.MaxTokens, host.Embedding.Tokenizer.PassagePrefixTokens) = (maxTokens, prefixTokens);

        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = "a", ContentType = "text/plain" },
            Content = ByteString.CopyFromUtf8(string.Join(' ', Enumerable.Repeat("a", 1000))),
        });
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);

        var lengths = host.Downstream.Prepared.SelectMany(batch => batch.Chunks).Select(chunk => chunk.Text.Count(letter => letter == 'a')).ToList();
        lengths.Max().ShouldBe(longest);
    }

    private Task<EmbeddingTokenizer> GetAsync() => _client.GetAsync("m", CancellationToken.None).WithTimeout("the tokenizer");

    private static GetTokenizerResponse Answer(string kind, string vocabulary) => new()
    {
        Model = "m", Kind = kind, Vocabulary = ByteString.CopyFromUtf8(vocabulary), LowerCase = true, MaxTokens = 64, Dimension = 1, PassagePrefixTokens = 3,
    };
}
