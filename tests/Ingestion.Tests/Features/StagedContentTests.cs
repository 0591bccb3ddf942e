using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.StageContent;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class StagedContentTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    private readonly TestFolder folder = new();
    private readonly ManualTime time = new(new DateTimeOffset(2026, 11, 20, 16, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Content_IsThereForItsTenantAloneUntilItExpires_RestartsIncluded()
    {
        StagedContent content;
        using (var first = Open())
        {
            content = await StageAsync(first, "acme", "text"u8.ToArray());
        }

        using var staged = Open();
        content.Reference.ToString().ShouldBe("sha256:982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1");
        staged.Find("acme", content.Reference).ShouldBe("text"u8.ToArray());
        staged.Find("other", content.Reference).ShouldBeNull();
        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        staged.Find("acme", content.Reference).ShouldNotBeNull();
        time.Advance(TimeSpan.FromSeconds(1));
        staged.Find("acme", content.Reference).ShouldBeNull();
    }

    [Fact]
    public async Task SameContentAgain_LastsAnewAndTakesNoRoom()
    {
        using var staged = Open();
        var content = new byte[Mebibyte];
        var first = await StageAsync(staged, "acme", content);
        time.Advance(TimeSpan.FromHours(23));

        var again = await StageAsync(staged, "acme", content);

        again.Reference.ShouldBe(first.Reference);
        time.Advance(TimeSpan.FromHours(23));
        staged.Find("acme", first.Reference).ShouldNotBeNull();
    }

    [Fact]
    public async Task Tenant_OverItsLimit_IsRefusedUntilSomethingExpires_OthersAreNot()
    {
        using var staged = Open();
        await StageAsync(staged, "acme", Content(1));

        var refusal = await Should.ThrowAsync<ServiceException>(() => StageAsync(staged, "acme", Content(2)));

        (refusal.Kind, refusal.Code, refusal.Field).ShouldBe((FailureKind.ResourceExhausted, "STAGING_FULL", "content"));
        refusal.Message.ShouldContain($"{Mebibyte}");
        await StageAsync(staged, "other", Content(3));
        time.Advance(TimeSpan.FromHours(24));
        await StageAsync(staged, "acme", Content(2));
    }

    [Fact]
    public async Task Sweep_DeletesWhatExpiredAndNothingElse()
    {
        using var staged = Open();
        for (byte number = 0; number < 40; number++)
        {
            await StageAsync(staged, "acme", [number]);
        }

        time.Advance(TimeSpan.FromHours(12));
        var kept = await StageAsync(staged, "acme", [0]);
        time.Advance(TimeSpan.FromHours(12));

        (await staged.SweepAsync(CancellationToken.None)).ShouldBe(39);
        staged.Find("acme", kept.Reference).ShouldBe([0]);
        (await staged.SweepAsync(CancellationToken.None)).ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    private StagedContents Open() => new(Options.Create(new IngestionOptions { DataDirectory = folder.Path, StagedContentMebibytesPerTenant = 1 }), time);

    private static Task<StagedContent> StageAsync(StagedContents staged, string tenant, byte[] content) => staged.StageAsync(tenant, content, CancellationToken.None);

    private static byte[] Content(byte number) => [.. Enumerable.Repeat(number, Mebibyte)];
}
