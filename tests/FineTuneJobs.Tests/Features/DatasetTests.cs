using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Features;

public sealed class DatasetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Calls_WithoutTenant_AreRefused()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);

        (await Calls.StatusAsync(() => host.Anonymous.ListDatasetsAsync(new ListDatasetsRequest()).ResponseAsync)).ShouldBe(StatusCode.PermissionDenied);
        (await Calls.StatusAsync(() => host.Anonymous.UploadAsync([1]))).ShouldBe(StatusCode.PermissionDenied);
        (await Calls.StatusAsync(() => host.For("../x").ListDatasetsAsync(new ListDatasetsRequest()).ResponseAsync)).ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Upload_IsKeptByItsHash_OnceAndForItsTenantAlone()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);
        var content = Encoding.UTF8.GetBytes(Examples.Chat(3000));

        var first = await host.Client.UploadAsync(content);
        var second = await host.Client.UploadAsync(content, "other name");

        first.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        first.Id.ShouldBe($"ds-{first.Sha256[..24]}");
        (first.Format, first.Lines, first.Bytes).ShouldBe((DatasetFormat.Chat, 3000, content.LongLength));
        second.ShouldBe(first);
        (await Calls.StatusAsync(() => host.For("other").GetDatasetAsync(new GetDatasetRequest { Id = first.Id }).ResponseAsync)).ShouldBe(StatusCode.NotFound);
        (await DownloadAsync(host, first.Id)).ShouldBe(content);
    }

    [Fact]
    public async Task Upload_TooLargeOrBrokenOff_LeavesNothing()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:MaxDatasetMebibytes", "1"));

        (await Calls.StatusAsync(() => host.Client.UploadAsync(new byte[1024 * 1024 + 1]))).ShouldBe(StatusCode.InvalidArgument);
        (await Calls.StatusAsync(() => host.Client.UploadAsync([]))).ShouldBe(StatusCode.InvalidArgument);
        using (var call = host.Client.UploadDataset())
        {
            await call.RequestStream.WriteAsync(new UploadDatasetRequest { Header = new DatasetHeader { Name = "n" } });
            await call.RequestStream.WriteAsync(new UploadDatasetRequest { Content = ByteString.CopyFromUtf8("{}") });
        }

        await TestTimeout.EventuallyAsync(() => Task.FromResult(!Files().Any()), "the uploads are cleared away");
        (await host.Client.ListDatasetsAsync(new ListDatasetsRequest())).Datasets.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_PageByPage_GivesEachOnce()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);
        var uploaded = new List<string>();
        for (var index = 0; index < 5; index++)
        {
            uploaded.Add((await host.UploadAsync(Examples.Chat(2, $"{index}"))).Id);
        }

        var listed = new List<string>();
        for (var token = ""; listed.Count == 0 || token.Length > 0;)
        {
            var page = await host.Client.ListDatasetsAsync(new ListDatasetsRequest { PageSize = 2, PageToken = token });
            listed.AddRange(page.Datasets.Select(dataset => dataset.Id));
            token = page.NextPageToken;
        }

        listed.ShouldBe(uploaded, ignoreOrder: true);
    }

    [Fact]
    public async Task Delete_WhileAJobNeedsIt_IsRefused()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxRunningJobs", "0"), .. ScriptTrainer.Settings()]);
        var dataset = await host.UploadAsync(Examples.Chat());
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id));

        (await Calls.StatusAsync(() => host.Client.DeleteDatasetAsync(new DeleteDatasetRequest { Id = dataset.Id }).ResponseAsync)).ShouldBe(StatusCode.FailedPrecondition);
        await host.Client.CancelJobAsync(new CancelJobRequest { Id = job.Id });
        await host.Client.DeleteDatasetAsync(new DeleteDatasetRequest { Id = dataset.Id });

        Files().ShouldBeEmpty();
        (await Calls.StatusAsync(() => host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id)))).ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_OfADatasetWhoseFileIsLost_BringsItBack()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);
        var dataset = await host.UploadAsync(Examples.Chat());
        // As a crash between a deletion's file and its commit leaves it.
        File.Delete(Files().Single());

        (await host.UploadAsync(Examples.Chat())).ShouldBe(dataset);

        (await DownloadAsync(host, dataset.Id)).ShouldBe(Encoding.UTF8.GetBytes(Examples.Chat()));
    }

    [Fact]
    public async Task Start_FilesWithoutADataset_AreDeleted()
    {
        await using (var host = await FineTuneHost.StartAsync(_folder.Path))
        {
            await host.UploadAsync(Examples.Chat());
        }

        var kept = Files().Single();
        var orphan = Path.Combine(Path.GetDirectoryName(kept)!, $"{new string('0', 64)}.jsonl");
        File.WriteAllText(orphan, "{}");
        foreach (var file in new[] { kept, orphan })
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-2));
        }

        await using var again = await FineTuneHost.StartAsync(_folder.Path);

        await TestTimeout.EventuallyAsync(() => Task.FromResult(!File.Exists(orphan)), "the orphan is gone");
        File.Exists(kept).ShouldBeTrue();
    }

    [Fact]
    public async Task Upload_WithANameOfHalfASurrogatePair_IsKept()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);

        (await host.UploadAsync("{\"\\ud800_____\": 1}\n")).Format.ShouldBe(DatasetFormat.Unspecified);
    }

    [Fact]
    public async Task Start_WithLimitsThatNoTimerHolds_IsRefused()
    {
        await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(async () => await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:MaxJobHours", "1194")));
        await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(async () => await FineTuneHost.StartAsync(
            _folder.Path, [.. ScriptTrainer.Settings(), ("FineTuneJobs:Commands:script:TimeLimitMinutes", "35792")]));
    }

    [Fact]
    public async Task Upload_WhereTheDiskTakesNothing_IsUnavailable()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);
        Directory.CreateDirectory(_folder.File("finetune"));
        File.WriteAllText(_folder.File("finetune/datasets"), "no folder can be made here");

        (await Calls.StatusAsync(() => host.UploadAsync(Examples.Chat()))).ShouldBe(StatusCode.Unavailable);
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.File("finetune/datasets"), "*", SearchOption.AllDirectories);

    private static async Task<byte[]> DownloadAsync(FineTuneHost host, string id)
    {
        using var call = host.Client.DownloadDataset(new DownloadDatasetRequest { Id = id });
        using var content = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            content.Write(piece.Content.Span);
        }

        return content.ToArray();
    }
}
