using System.Reflection;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.TestKit;
using Xunit.Sdk;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

/// <summary>Needs a Qdrant that holds nothing of ours: RAG_TEST_QDRANT is its REST address, RAG_TEST_QDRANT_KEY its key if it has one.</summary>
public sealed class RequiresQdrantFactAttribute()
    : RequiresFactAttribute(Address.Length > 0, "RAG_TEST_QDRANT gives no address of a Qdrant server, e.g. http://localhost:6333.")
{
    public static string Address => Environment.GetEnvironmentVariable("RAG_TEST_QDRANT") ?? "";

    public static string Key => Environment.GetEnvironmentVariable("RAG_TEST_QDRANT_KEY") ?? "";
}

public sealed class RealQdrantTests
{
    /// <summary>All of the suite in one test, as xunit cannot leave out inherited ones by what the environment says.</summary>
    [RequiresQdrantFact]
    public async Task Conformance_RealServer_KeepsAll()
    {
        await RequireEmptyAsync();
        var failures = new List<string>();
        foreach (var test in typeof(VectorStoreConformance).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null))
        {
            foreach (var arguments in ArgumentsOf(test))
            {
                if (await RunAsync(test, arguments) is { } failure)
                {
                    failures.Add($"{test.Name}({string.Join(", ", arguments)}): {failure.Message}");
                }
            }
        }

        failures.ShouldBeEmpty();
    }

    private static IEnumerable<object[]> ArgumentsOf(MethodInfo test) =>
        test.GetCustomAttribute<TheoryAttribute>() is null ? [[]] : test.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(test));

    private static async Task<Exception?> RunAsync(MethodInfo test, object[] arguments)
    {
        await using var suite = new Suite();
        try
        {
            await suite.InitializeAsync();
            await (Task)test.Invoke(suite, arguments)!;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>The suite deletes every collection of ours when it is done.</summary>
    private static async Task RequireEmptyAsync()
    {
        using var store = NewStore();
        await store.OpenAsync(default).WithTimeout("opening");
        (await store.ListAsync(default)).ShouldBeEmpty("the server that RAG_TEST_QDRANT names holds collections of ours, which these tests would delete");
    }

    private static QdrantVectorStore NewStore() =>
        QdrantStores.Create(new Uri(RequiresQdrantFactAttribute.Address), ("ApiKey", RequiresQdrantFactAttribute.Key));

    private sealed class Suite : VectorStoreConformance
    {
        protected override bool ReadsOperators => false;

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            using var store = RealQdrantTests.NewStore();
            await store.OpenAsync(default).WithTimeout("opening");
            foreach (var index in await store.ListAsync(default))
            {
                await store.DropAsync(index, default).WithTimeout("dropping");
            }
        }

        private protected override IVectorStore NewStore() => RealQdrantTests.NewStore();
    }
}
