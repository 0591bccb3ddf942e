using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Remote.OpenAi;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>Show 8: the whole way through OpenAI's API, against a fake that is stricter than the documentation.</summary>
public sealed class OpenAiJobRunnerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly RecordedProgress _progress = new();
    private FakeOpenAi _fake = null!;

    public async Task InitializeAsync() => _fake = await FakeOpenAi.StartAsync();

    public async Task DisposeAsync()
    {
        await _fake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_FromFilesToModel_TellsAllThatHappens()
    {
        using var service = Service();

        var end = (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        end.RemoteModel.ShouldStartWith($"ft:{FakeOpenAi.Model}:org-test:helpdesk:");
        end.Folder.ShouldBe("");
        end.Rows.ShouldHaveSingleItem().Metrics["perplexity"].ShouldBe(Math.Exp(0.5), 1e-6);
        _progress.Metrics.Where(metric => metric.Name == "train_loss").Select(metric => metric.Step).ShouldBe([1L, 2, 3, 4, 5, 6]);
        _progress.Messages.ShouldContain("The job has successfully completed");
        _progress.Messages.Distinct().Count().ShouldBe(_progress.Messages.Count, "no event is told twice");
        _progress.Resolved["n_epochs"].ShouldBe("3");
        _progress.Checkpoints.ShouldHaveSingleItem().ValidationLoss.ShouldBe(0.5);
        _progress.Last.ShouldSatisfyAllConditions(last => last.Step.ShouldBe(6), last => last.Steps.ShouldBe(6), last => last.Tokens.ShouldBe(5768));
        _fake.Complaints.ShouldBeEmpty();
        _fake.Files.ShouldBeEmpty("uploaded files are deleted when the job is over");
        await service.Get<RemoteRunsService>().EndAbandonedAsync(CancellationToken.None).WithTimeout("the ending");
        service.Get<RemoteRuns>().List(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Request_CarriesSettingsAndOurId()
    {
        using var service = Service();
        await RunAsync(service, job => job with
        {
            Spec = job.Spec with { HyperParameters = new Dictionary<string, string> { ["n_epochs"] = "4", ["learning_rate_multiplier"] = "0.5", ["batch_size"] = "auto" }, Seed = ulong.MaxValue },
        });

        var request = _fake.Jobs.ShouldHaveSingleItem().Request;
        ((string?)request["metadata"]!["ragplatform_job"]).ShouldBe("ftjob-one");
        request["method"]!["supervised"]!["hyperparameters"]!.ToJsonString().ShouldBe("""{"n_epochs":4,"batch_size":"auto","learning_rate_multiplier":0.5}""");
        ((int)request["seed"]!).ShouldBe(int.MaxValue);
        request.ContainsKey("validation_file").ShouldBeTrue();
    }

    [Fact]
    public async Task Run_RateLimited_WaitsAsLongAsItIsTold()
    {
        using var service = Service();
        var refused = 0;
        _fake.Before = asked => asked == "POST /v1/fine_tuning/jobs" && refused++ < 2 ? new LimitedResult() : null;
        var began = TimeProvider.System.GetTimestamp();

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        refused.ShouldBe(3);
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.4), "two delays of 0.2 s");
        _fake.Jobs.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("POST /v1/files")]
    [InlineData("POST /v1/fine_tuning/jobs")]
    public async Task Run_AnswerThatIsLostAfterItWasDone_IsNotDoneTwice(string path)
    {
        using var service = Service();
        var lost = 0;
        _fake.After = asked => asked == path && lost++ == 0 ? FakeOpenAi.Error(503, "The server is overloaded") : null;
        var files = 0;
        _fake.Before = asked =>
        {
            files += asked == "POST /v1/files" ? 1 : 0;
            return null;
        };

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        _fake.Jobs.Count.ShouldBe(1);
        files.ShouldBe(2, "one for training and one for validation");
        _fake.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_FaultsOnEveryPath_AreTriedAgain()
    {
        using var service = Service();
        var seen = new ConcurrentDictionary<string, int>();
        _fake.Before = asked => seen.AddOrUpdate(string.Join('/', asked.Split('/').Select(part => part.Split('-')[0])), 1, (_, count) => count + 1) == 1 ? FakeOpenAi.Error(500, "a fault") : null;

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        seen.Keys.ShouldContain("GET /v1/fine_tuning/jobs/ftjob/events");
        seen.Keys.ShouldContain("DELETE /v1/files/file");
        _fake.Jobs.Count.ShouldBe(1);
        _fake.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_LongOutageWhileItTrains_IsToldOnceAndGoesOn()
    {
        using var service = Service(("FineTuneJobs:OpenAi:MaxRetries", "0"));
        var looks = 0;
        _fake.Before = asked => asked.StartsWith("GET /v1/fine_tuning/jobs/ftjob", StringComparison.Ordinal) && looks++ is > 3 and < 9 ? FakeOpenAi.Error(502, "bad gateway") : null;

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        _progress.Messages.Count(message => message.Contains("cannot be asked", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("invalid_training_file", "The job failed due to an invalid training file.", "training_file")]
    [InlineData("unsafe_file", "The training file was blocked by moderation.", "")]
    public async Task Run_JobThatFailsThere_FailsWithTheirReason(string code, string message, string parameter)
    {
        using var service = Service();
        _fake.Failure = (code, message, parameter);

        var failure = (await RunAsync(service)).ShouldBeOfType<JobEnd.Failed>().Failure;

        failure.Code.ShouldBe("OPENAI_JOB_FAILED");
        failure.Problem.ShouldContain(code);
        failure.Problem.ShouldContain(message);
        _fake.Files.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, "invalid_api_key", "OPENAI_REFUSED_KEY")]
    [InlineData(429, "insufficient_quota", "OPENAI_QUOTA")]
    [InlineData(413, "", "OPENAI_FILE_TOO_LARGE")]
    [InlineData(400, "invalid_file", "OPENAI_REFUSED")]
    public async Task Run_RefusedForGood_FailsAtOnceWithARemedy(int status, string code, string failure)
    {
        using var service = Service();
        _fake.Before = asked => asked == "POST /v1/files" ? FakeOpenAi.Error(status, "no", code) : null;

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Failed>().Failure.Code.ShouldBe(failure);

        _fake.Requests.Count.ShouldBe(1, "it is not tried again");
    }

    [Fact]
    public async Task Run_ModelThatIsUnknownThere_SaysSo()
    {
        using var service = Service();

        var failure = (await RunAsync(service, job => job with { Spec = job.Spec with { BaseModel = "gpt-9" } })).ShouldBeOfType<JobEnd.Failed>().Failure;

        (failure.Code, failure.Problem.Contains("gpt-9", StringComparison.Ordinal)).ShouldBe(("OPENAI_NOT_FOUND", true));
    }

    [Fact]
    public async Task Run_UnreachableForLong_IsADeathThatIsTriedAgain()
    {
        using var service = Service(("FineTuneJobs:OpenAi:MaxRetries", "1"));
        _fake.Before = asked => asked == "POST /v1/files" ? FakeOpenAi.Error(503, "down") : null;

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Died>();
        _fake.Before = _ => null;
        (await RunAsync(service, job => job with { Attempts = 2 })).ShouldBeOfType<JobEnd.Succeeded>();
    }

    /// <summary>The service ends at each request in turn, before or after it was carried out; the next one goes on.</summary>
    [Fact]
    public async Task Run_ServiceThatEndsAtAnyRequest_GoesOnWithoutASecondJobOrFile()
    {
        for (var moment = 2; moment <= 17; moment++)
        {
            await using var fake = await FakeOpenAi.StartAsync();
            using var folder = new TestFolder();
            var (uploads, requests, at) = (0, 0, moment / 2);
            using var stop = new CancellationTokenSource();
            IResult? Stop(string asked)
            {
                stop.Cancel();
                return FakeOpenAi.Error(503, "the service is gone");
            }

            fake.Before = asked => ++requests == at && at * 2 == moment ? Stop(asked) : null;
            fake.After = asked =>
            {
                uploads += asked == "POST /v1/files" ? 1 : 0;
                return requests == at && at * 2 != moment ? Stop(asked) : null;
            };
            using (var service = Service(fake, folder.Path))
            {
                await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(service, cancellation: stop.Token), $"moment {moment}");
            }

            (fake.Before, fake.After) = (_ => null, asked =>
            {
                uploads += asked == "POST /v1/files" ? 1 : 0;
                return null;
            });
            using var again = Service(fake, folder.Path);
            (await RunAsync(again, job => job with { Attempts = 2 })).ShouldBeOfType<JobEnd.Succeeded>($"moment {moment}");
            fake.Jobs.Count.ShouldBe(1, $"moment {moment}");
            uploads.ShouldBe(2, $"moment {moment}");
            fake.Complaints.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Run_ManyEvents_AreReadOverAllPagesInOrder()
    {
        using var service = Service();
        (_fake.EventsPerLook, _fake.RunningLooks) = (130, 2);

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        _progress.Metrics.Where(metric => metric.Name == "train_loss").Select(metric => metric.Step).ShouldBe(Enumerable.Range(1, 260).Select(step => (long)step));
    }

    [Fact]
    public async Task Run_Cancelled_CancelsThereAndDeletesTheFiles()
    {
        using var service = Service();
        _fake.RunningLooks = int.MaxValue / 2;
        _fake.EventsPerLook = 0;
        _fake.Before = _ =>
        {
            _progress.Wish = _fake.Jobs.Exists(job => job.Status == "running") ? JobWish.Cancel : JobWish.None;
            return null;
        };

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Cancelled>();

        _fake.Jobs.Single().Status.ShouldBe("cancelled");
        _fake.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_CancelledWhenItHasJustSucceeded_Succeeds()
    {
        using var service = Service();
        _fake.Before = asked =>
        {
            if (_fake.Jobs is [{ Status: "running", Looks: > 3 } job] && _progress.Wish is JobWish.None)
            {
                job.Succeed();
                _progress.Wish = JobWish.Cancel;
            }

            return null;
        };

        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();
    }

    [Fact]
    public async Task Run_PausedAndResumed_PausesThereAndGoesOn()
    {
        using var service = Service();
        _fake.RunningLooks = 6;
        _fake.Before = _ =>
        {
            _progress.Wish = _fake.Jobs.Exists(job => job.Looks > 3) ? JobWish.Pause : JobWish.None;
            return null;
        };
        (await RunAsync(service)).ShouldBeOfType<JobEnd.Paused>();
        _fake.Jobs.Single().Status.ShouldBe("paused");

        _fake.Before = _ => null;
        _progress.Wish = JobWish.None;

        (await RunAsync(service, job => job with { Attempts = 2 })).ShouldBeOfType<JobEnd.Succeeded>();
        _fake.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Abandoned_RunOfAJobThatIsNoMore_IsEndedThere()
    {
        using var service = Service();
        using var stop = new CancellationTokenSource();
        _fake.RunningLooks = int.MaxValue / 2;
        _fake.Before = _ =>
        {
            if (_fake.Jobs.Exists(job => job.Status == "running"))
            {
                stop.Cancel();
            }

            return null;
        };
        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(service, cancellation: stop.Token));
        _fake.Before = _ => null;

        // The registry of jobs knows nothing of it: it was deleted.
        await service.Get<RemoteRunsService>().EndAbandonedAsync(CancellationToken.None).WithTimeout("the ending");

        _fake.Jobs.Single().Status.ShouldBe("cancelled");
        _fake.Files.ShouldBeEmpty();
        service.Get<RemoteRuns>().List(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_WhoseEndWasNotWritten_IsRunAgainWithoutASecondJob()
    {
        using var service = Service();
        var first = (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();

        // The service was killed before the registry had the end.
        var second = (await RunAsync(service, job => job with { Attempts = 2 })).ShouldBeOfType<JobEnd.Succeeded>();

        _fake.Jobs.Count.ShouldBe(1, "a second one would be paid again");
        second.RemoteModel.ShouldBe(first.RemoteModel);
        await service.Get<RemoteRunsService>().EndAbandonedAsync(CancellationToken.None).WithTimeout("the ending");
        service.Get<RemoteRuns>().List(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_WhoseFilesCannotBeDeleted_LeavesThemToALaterLook()
    {
        using var service = Service(("FineTuneJobs:OpenAi:MaxRetries", "0"));
        _fake.Before = asked => asked.StartsWith("DELETE", StringComparison.Ordinal) ? FakeOpenAi.Error(503, "not now") : null;
        (await RunAsync(service)).ShouldBeOfType<JobEnd.Succeeded>();
        _fake.Files.ShouldNotBeEmpty();
        _fake.Before = _ => null;

        await service.Get<RemoteRunsService>().EndAbandonedAsync(CancellationToken.None).WithTimeout("the ending");

        _fake.Files.ShouldBeEmpty();
    }

    [Fact]
    public void Offers_WithoutAKey_Nothing()
    {
        using var service = Service(("FineTuneJobs:OpenAi:ApiKey", ""));

        service.Get<OpenAiJobRunner>().Offers(TrainingMethod.OpenAI).ShouldBeFalse();
    }

    private RemoteService Service(params (string Key, string Value)[] settings) => Service(_fake, _folder.Path, settings);

    private static RemoteService Service(FakeOpenAi fake, string folder, params (string Key, string Value)[] settings) => new(fake.Address, folder, settings);

    private Task<JobEnd> RunAsync(RemoteService service, Func<Job, Job>? change = null, CancellationToken cancellation = default)
    {
        var job = new Job
        {
            Id = "ftjob-one", Tenant = "acme", State = JobState.Running, CreatedAt = DateTimeOffset.UnixEpoch, Progress = new JobProgress(), HyperParameters = new Dictionary<string, string>(), Attempts = 1,
            Spec = new JobSpec { Method = TrainingMethod.OpenAI, BaseModel = FakeOpenAi.Model, Suffix = "helpdesk", Data = new DatasetUse() },
        };
        return service.Get<OpenAiJobRunner>().RunAsync(new JobRun(change?.Invoke(job) ?? job, _folder.Path, _progress), cancellation).WithTimeout("the run");
    }

    private sealed class LimitedResult : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "0.2";
            return FakeOpenAi.Error(429, "Rate limit reached", "rate_limit_exceeded", "requests").ExecuteAsync(httpContext);
        }
    }
}
