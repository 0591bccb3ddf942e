using System.Globalization;
using RagPlatform.TestKit;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class DocumentCallTests
{
    private const int MaxUnaryBytes = 3 * 1024 * 1024;

    [Theory]
    [InlineData(0, "PutDocument")]
    [InlineData(1, "PutDocument")]
    [InlineData(MaxUnaryBytes, "PutDocument")]
    [InlineData(MaxUnaryBytes + 1, "UploadDocument")]
    [InlineData((3 * MaxUnaryBytes) + 17, "UploadDocument")]
    public async Task Upload_OfAnySize_ArrivesWholeByTheCallThatFits(int bytes, string call)
    {
        var gateway = new FakeGateway();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);
        var content = new byte[bytes];
        new Random(7).NextBytes(content);

        var result = await client.UploadDocumentAsync(
            new TricklingStream(content), new DocumentHeader { Id = "x", Collection = "c", Metadata = new Dictionary<string, string> { ["k"] = "v" } });

        gateway.Calls.ShouldBe([call]);
        gateway.Content.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
        gateway.LargestPieceBytes.ShouldBeLessThanOrEqualTo(MaxUnaryBytes);
        gateway.Header.ShouldNotBeNull().Metadata["k"].ShouldBe("v");
        result.Document.Id.ShouldBe("x");
        gateway.Authorization.ShouldBe("Bearer the-key");
    }

    [Fact]
    public async Task Upload_RefusedInTheMiddle_EndsWithTheReason()
    {
        var gateway = new FakeGateway { RefusesPiece = request => request.Content.Length > 0 };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var failure = await Should.ThrowAsync<RagException>(() => client.UploadDocumentAsync(new MemoryStream(new byte[20_000_000]), new DocumentHeader()).WithTimeout("the upload"));

        (failure.Code, failure.Field, failure.Remedy).ShouldBe(("DOCUMENT_TOO_LARGE", "content", "Split it."));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(ObjectDisposedException))]
    public async Task Upload_OfAStreamThatBreaks_ThrowsItsErrorAndLeavesNoDocument(Type error)
    {
        var gateway = new FakeGateway();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);
        var broken = new TricklingStream(new byte[MaxUnaryBytes + 100_000], breaksAt: MaxUnaryBytes + 50_000, (Exception)Activator.CreateInstance(error, "broken")!);

        await Should.ThrowAsync(() => client.UploadDocumentAsync(broken, new DocumentHeader()).WithTimeout("the upload"), error);

        (await gateway.UploadCompleted.Task.WithTimeout("the upload's end at the gateway")).ShouldBeFalse();
    }

    [Fact]
    public async Task Put_OfText_IsUtf8AndSaysWhetherItChangedAnything()
    {
        var gateway = new FakeGateway();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var result = await client.PutDocumentAsync("Grüße", new DocumentHeader { Id = "x" });

        result.Unchanged.ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(gateway.Content.ToArray()).ShouldBe("Grüße");
    }

    [Fact]
    public async Task Listing_OfManyPages_IsFetchedPageByPageWhileRead()
    {
        var gateway = new FakeGateway { List = Page };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var ids = new List<string>();
        await foreach (var document in client.ListDocumentsAsync("c", DocumentState.Indexed, pageSize: 2))
        {
            ids.Add(document.Id);
            gateway.Calls.Count.ShouldBe(((ids.Count - 1) / 2) + 1);
        }

        ids.ShouldBe(["0", "1", "2", "3", "4"]);

        static V1.ListDocumentsResponse Page(V1.ListDocumentsRequest request)
        {
            request.Collection.ShouldBe("c");
            request.State.ShouldBe(V1.DocumentState.Indexed);
            var start = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, CultureInfo.InvariantCulture);
            var end = Math.Min(start + request.PageSize, 5);
            return new V1.ListDocumentsResponse
            {
                Documents = { Enumerable.Range(start, end - start).Select(id => new V1.Document { Id = id.ToString(CultureInfo.InvariantCulture) }) },
                NextPageToken = end < 5 ? end.ToString(CultureInfo.InvariantCulture) : "",
                TotalCount = 5,
            };
        }
    }

    [Fact]
    public async Task Watch_StreamsStatesAndTheFailure()
    {
        await using var server = await FakeGateway.StartAsync(new FakeGateway());
        using var client = FakeGateway.Connect(server);

        var events = await client.WatchDocumentAsync("x").ToListAsync();

        events.Select(entry => entry.State).ShouldBe([DocumentState.Chunking, DocumentState.Failed]);
        events[1].Failure.ShouldBe(new DocumentFailure("extracting", "NO_TEXT", "content holds no text.", "Send text.", 1));
    }

    [Fact]
    public void States_OfTheClient_AreThoseOfTheProtocol() =>
        Enum.GetValues<DocumentState>().Select(state => $"{state}={(int)state}").ShouldBe(Enum.GetValues<V1.DocumentState>().Select(state => $"{state}={(int)state}"));

    [Fact]
    public void AbstentionReasons_OfTheClient_AreThoseOfTheProtocol() =>
        Enum.GetValues<AbstentionReason>().Select(reason => $"{reason}={(int)reason}").ShouldBe(Enum.GetValues<V1.AbstentionReason>().Select(reason => $"{reason}={(int)reason}"));

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class TricklingStream(byte[] content, int breaksAt = int.MaxValue, Exception? error = null) : MemoryStream(content)
    {
        private const int MaxReadBytes = 70_001;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= breaksAt && error is not null
                ? throw error
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, MaxReadBytes)], cancellationToken);
    }
}
