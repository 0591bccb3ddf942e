using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuneJobs.Features.EvaluateAdapter;
using RagPlatform.FineTuneJobs.Features.ManageGate;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

public sealed class AdapterRegistryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly AdapterHost _host;

    public AdapterRegistryTests() => _host = new AdapterHost(_folder.Path);

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Register_GoodSpecialist_IsPromotableWithItsFilesAndReference()
    {
        var adapter = await _host.RegisterAsync(confidence: 0.8);

        adapter.State.ShouldBe(AdapterState.Promotable, string.Join(' ', adapter.Gate!.Checks.Where(check => !check.Passed)));
        (adapter.Name, adapter.Version).ShouldBe(("support/intents", 1));
        adapter.Evidence!.HeldOut!.MeanConfidence.ShouldBe(0.8, 1e-9);
        adapter.Evidence.ProbeRefused.ShouldBe(1);
        File.Exists(Path.Combine(_host.Get<AdapterFolders>().Of(adapter.Id), FakeLoader.File)).ShouldBeTrue();
        Changes().ShouldBe(["created", "gate_passed"]);
    }

    [Fact]
    public async Task Register_SameJobAgain_GivesTheSameAdapterAndNoSecondVersion()
    {
        var finished = _host.Finished("ftjob-same");
        var first = await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None);
        var second = await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None);

        second.Id.ShouldBe(first.Id);
        second.Version.ShouldBe(1);
        Changes().ShouldBe(["created", "gate_passed"]);
    }

    [Fact]
    public async Task Register_AfterACrashThatHadMovedTheFiles_GoesOn()
    {
        var finished = _host.Finished("ftjob-crashed");
        _host.Get<AdapterFolders>().Take(AdapterFolders.IdOf(finished.Tenant, finished.Job), finished.ResultFolder, "");

        (await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None)).State.ShouldBe(AdapterState.Promotable);
    }

    [Fact]
    public async Task Register_FilesThatDoNotLoad_MakeACandidateThatSaysSo()
    {
        var finished = _host.Finished("ftjob-broken");
        File.Delete(Path.Combine(finished.ResultFolder, FakeLoader.File));

        var adapter = await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None);

        adapter.State.ShouldBe(AdapterState.Candidate);
        adapter.Gate!.Checks.Single(check => check.Name == "smoke_prediction").Explanation.ShouldContain("there is no fake.txt");
    }

    [Fact]
    public async Task Promote_AdapterThatAnswersEverything_FailsAndNamesRefusal()
    {
        var adapter = await _host.RegisterAsync(refuses: false);

        (await FailureOf(() => PromoteAsync(adapter.Id))).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.FailedPrecondition), failure => failure.Code.ShouldBe("GATE_NOT_PASSED"), failure => failure.Message.ShouldContain("min_refusal_kept"));
    }

    [Fact]
    public async Task Promote_AdapterTrainedOnItsTestData_FailsAndNamesLeakage()
    {
        var adapter = await _host.RegisterAsync(accuracy: 1, leaked: 9);

        (await FailureOf(() => PromoteAsync(adapter.Id))).Message.ShouldContain("max_leaked_share");
    }

    [Fact]
    public async Task SetGate_AndJudgeAgain_MakesACandidatePromotableAndBack()
    {
        var adapter = await _host.RegisterAsync(refuses: false);
        var (gates, evaluate) = (_host.Get<ManageGateHandler>(), _host.Get<EvaluateAdapterHandler>());

        await gates.SetAsync(AdapterHost.Tenant, "support", new Dictionary<string, double> { ["min_refusal_kept"] = 0 }, CancellationToken.None);
        (await evaluate.EvaluateAsync(AdapterHost.Actor, adapter.Id, "", CancellationToken.None)).Gate.Passed.ShouldBeTrue();
        State(adapter).ShouldBe(AdapterState.Promotable);

        await gates.SetAsync(AdapterHost.Tenant, "support", new Dictionary<string, double> { ["min_macro_f1"] = 0.99 }, CancellationToken.None);
        (await evaluate.EvaluateAsync(AdapterHost.Actor, adapter.Id, "", CancellationToken.None)).Gate.Passed.ShouldBeFalse();
        State(adapter).ShouldBe(AdapterState.Candidate);
    }

    [Theory]
    [InlineData("min_everything", 0.5, "GATE_LIMIT_UNKNOWN")]
    [InlineData("min_macro_f1", 1.5, "GATE_LIMIT_OUT_OF_RANGE")]
    [InlineData("min_macro_f1", double.NaN, "GATE_LIMIT_OUT_OF_RANGE")]
    public async Task SetGate_LimitThatCannotBe_IsRefusedAndNothingIsSet(string name, double value, string code)
    {
        var gates = _host.Get<ManageGateHandler>();
        var limits = new Dictionary<string, double> { ["max_ece"] = 0.01, [name] = value };

        (await FailureOf(() => gates.SetAsync(AdapterHost.Tenant, "support", limits, CancellationToken.None))).Code.ShouldBe(code);
        gates.Get(AdapterHost.Tenant, "support").Limits["max_ece"].ShouldBe(GateLimit.Find("max_ece")!.Default);
    }

    [Fact]
    public async Task PromoteAndRollBack_WalkBackThroughWhatWasPromoted()
    {
        var (first, second, third) = (await _host.RegisterAsync(), await _host.RegisterAsync(), await _host.RegisterAsync());
        (await PromoteAsync(first.Id)).Replaced.ShouldBe("");
        (await PromoteAsync("support/intents:2")).Replaced.ShouldBe(first.Id);
        (await PromoteAsync(third.Id)).Replaced.ShouldBe(second.Id);
        State(second).ShouldBe(AdapterState.Promotable);

        (await RollBackAsync()).ShouldSatisfyAllConditions(back => back.Adapter.Id.ShouldBe(second.Id), back => back.Replaced.ShouldBe(third.Id));
        (await RollBackAsync()).Adapter.Id.ShouldBe(first.Id);
        (await FailureOf(RollBackAsync)).Code.ShouldBe("NOTHING_TO_ROLL_BACK_TO");
        _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, "support/intents", "adapter").Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task RollBack_PastARetiredAdapter_GoesToTheOneBefore()
    {
        var (first, second, third) = (await _host.RegisterAsync(), await _host.RegisterAsync(), await _host.RegisterAsync());
        await PromoteAsync(first.Id);
        await PromoteAsync(second.Id);
        await PromoteAsync(third.Id);
        await RetireAsync(second.Id);

        (await RollBackAsync()).Adapter.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Promote_Again_ChangesNothing()
    {
        var adapter = await _host.RegisterAsync();
        await PromoteAsync(adapter.Id);
        await PromoteAsync(adapter.Id);

        Changes().ShouldBe(["created", "gate_passed", "promoted"]);
        (await FailureOf(RollBackAsync)).Code.ShouldBe("NOTHING_TO_ROLL_BACK_TO");
    }

    [Fact]
    public async Task Retire_PromotedOne_LeavesItsNameWithoutAndCannotBeUndone()
    {
        var adapter = await _host.RegisterAsync();
        await PromoteAsync(adapter.Id);
        await RetireAsync(adapter.Id);

        (await FailureOf(() => PromoteAsync(adapter.Id))).Code.ShouldBe("ADAPTER_RETIRED");
        Should.Throw<ServiceException>(() => _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, "support/intents", "adapter")).Code.ShouldBe("NOTHING_PROMOTED");
    }

    [Fact]
    public async Task Delete_PromotedOne_IsRefused_OthersAreGoneWithTheirFilesButNotTheirHistory()
    {
        var (first, second) = (await _host.RegisterAsync(), await _host.RegisterAsync());
        await PromoteAsync(first.Id);
        var delete = _host.Get<RetireAdapterHandler>();

        (await FailureOf(() => delete.DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None))).Code.ShouldBe("ADAPTER_PROMOTED");
        await delete.DeleteAsync(AdapterHost.Actor, second.Id, CancellationToken.None);

        Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "finetune", "adapters")).ShouldHaveSingleItem().ShouldEndWith(first.Id);
        Should.Throw<ServiceException>(() => _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, second.Id, "id")).Code.ShouldBe("ADAPTER_UNKNOWN");
        Changes().ShouldContain("deleted");
        (await _host.RegisterAsync()).Version.ShouldBe(3, "a version is never given twice");
    }

    [Fact]
    public async Task OtherTenant_SeesAndChangesNothing()
    {
        var adapter = await _host.RegisterAsync();
        var stranger = new Actor("other", "stranger", "");

        Should.Throw<ServiceException>(() => _host.Get<AdapterCatalog>().Get("other", adapter.Id, "id")).Code.ShouldBe("ADAPTER_UNKNOWN");
        (await FailureOf(() => _host.Get<AdapterTransitions>().PromoteAsync(stranger, adapter.Id, CancellationToken.None))).Code.ShouldBe("ADAPTER_UNKNOWN");
        (await FailureOf(() => _host.Get<AdapterRegistry>().JudgeAsync(stranger, adapter.Id, null, CancellationToken.None))).Code.ShouldBe("ADAPTER_UNKNOWN");
        _host.Get<AdapterCatalog>().ListChanges("other", "", null, 100).ShouldBeEmpty();
        (await _host.RegisterAsync(tenant: "other")).Version.ShouldBe(1, "names are of their tenant");
    }

    [Theory]
    [InlineData("")]
    [InlineData("adapter-1")]
    [InlineData("Support/intents")]
    [InlineData("support")]
    [InlineData("support/intents:0")]
    [InlineData("support/intents:one")]
    [InlineData("support/intents:99999999999")]
    [InlineData("support/../secrets")]
    public void Get_ReferenceThatIsNone_NamesTheField(string reference) =>
        Should.Throw<ServiceException>(() => _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, reference, "adapter")).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("ADAPTER_REFERENCE_INVALID"), failure => failure.Field.ShouldBe("adapter"));

    [Fact]
    public async Task History_SaysWhoWhenAndWhy()
    {
        var adapter = await _host.RegisterAsync();
        await PromoteAsync(adapter.Id);

        var change = _host.Get<AdapterCatalog>().ListChanges(AdapterHost.Tenant, "support/intents", null, 1).ShouldHaveSingleItem();

        (change.Change, change.Adapter, change.By, change.Reason).ShouldBe(("promoted", adapter.Id, "somebody", "because"));
        change.At.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task AnyOrderOfChanges_KeepsOnePromotedAtMostAndWhatItSaid()
    {
        var random = new Random(20261120);
        var ids = new List<string>();
        for (var made = 0; made < 5; made++)
        {
            ids.Add((await _host.RegisterAsync()).Id);
        }

        var (expected, retired, history) = ((string?)null, new HashSet<string>(), new List<string>());
        for (var step = 0; step < 120; step++)
        {
            var id = ids[random.Next(ids.Count)];
            switch (random.Next(10))
            {
                case < 6 when !retired.Contains(id):
                    await PromoteAsync(id);
                    if (expected != id)
                    {
                        history.Add(id);
                    }

                    expected = id;
                    break;
                case < 9:
                    var target = history.FindLastIndex(promoted => promoted != expected);
                    if (target < 0)
                    {
                        (await FailureOf(RollBackAsync)).Code.ShouldBe("NOTHING_TO_ROLL_BACK_TO");
                        break;
                    }

                    (await RollBackAsync()).Adapter.Id.ShouldBe(history[target]);
                    expected = history[target];
                    history.RemoveRange(target + 1, history.Count - target - 1);
                    break;
                case 9 when retired.Count < 3 && random.Next(4) == 0:
                    await RetireAsync(id);
                    retired.Add(id);
                    history.RemoveAll(promoted => promoted == id);
                    expected = expected == id ? null : expected;
                    break;
            }

            var adapters = _host.Get<AdapterCatalog>().List(AdapterHost.Tenant, "support/intents", null, null, 100);
            adapters.Where(adapter => adapter.State is AdapterState.Promoted).Select(adapter => adapter.Id).ShouldBe(expected is null ? [] : [expected], $"step {step}");
        }
    }

    private Task<(Adapter Adapter, string Replaced)> PromoteAsync(string reference) =>
        _host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, reference, CancellationToken.None).WithTimeout("the promotion");

    private Task<(Adapter Adapter, string Replaced)> RollBackAsync() =>
        _host.Get<PromoteAdapterHandler>().RollBackAsync(AdapterHost.Actor, "support/intents", CancellationToken.None).WithTimeout("the roll-back");

    private Task<Adapter> RetireAsync(string id) => _host.Get<RetireAdapterHandler>().RetireAsync(AdapterHost.Actor, id, CancellationToken.None);

    private AdapterState State(Adapter adapter) => _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, adapter.Id, "id").State;

    private List<string> Changes() => [.. _host.Get<AdapterCatalog>().ListChanges(AdapterHost.Tenant, "", null, 1000).Reverse().Select(change => change.Change)];

    private static async Task<ServiceException> FailureOf<T>(Func<Task<T>> work) => await Should.ThrowAsync<ServiceException>(async () => await work());

    private static async Task<ServiceException> FailureOf(Func<Task> work) => await Should.ThrowAsync<ServiceException>(work);
}
