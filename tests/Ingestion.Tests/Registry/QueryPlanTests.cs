using Dapper;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

/// <summary>A page costs what is on it: it is read along an index, neither sorted nor found by reading everything.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;

    public QueryPlanTests() => _registry = new TestRegistry(_folder.Path);

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string, int> Filters => new()
    {
        { "", "", 0 }, { "docs", "", 0 }, { "", "", (int)DocumentState.Failed }, { "docs", "", (int)DocumentState.Failed },
        { "", "run", 0 }, { "docs", "run", 0 }, { "", "run", (int)DocumentState.Failed },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void List_OfAnything_IsReadAlongAnIndex(string collection, string batchId, int state)
    {
        var filter = new CatalogFilter("default", collection, state == 0 ? null : (DocumentState)state, batchId);
        foreach (var after in new[] { null, new CatalogPosition("docs", "a") })
        {
            ShouldBeAlongAnIndex(VersionRow.Sql(DocumentCatalog.Clauses(filter, after)), DocumentCatalog.Parameters(filter, after, 10));
        }
    }

    [Fact]
    public void Failed_OfABatch_AreReadAlongAnIndex() => ShouldBeAlongAnIndex(VersionRow.Sql(BatchCatalog.FailedClauses), new { tenant = "default", batchId = "run", limit = 10 });

    [Fact]
    public void Changes_OfAnything_AreReadAlongTheLog() =>
        ShouldBeAlongAnIndex(
            DocumentLog.ChangesSql(new CatalogFilter("default", "docs", DocumentState.Failed, "run")),
            new { Tenant = "default", Collection = "docs", State = 7, BatchId = "run", sequence = 0, end = 5000, limit = 10 });

    private void ShouldBeAlongAnIndex(string sql, object parameters)
    {
        using var connection = _registry.Database.OpenReader();
        var plan = connection.Query("EXPLAIN QUERY PLAN " + sql, parameters).Select(row => (string)row.detail).ToList();
        plan.ShouldNotBeEmpty();
        plan.ShouldAllBe(step => !step.Contains("SCAN", StringComparison.Ordinal) && !step.Contains("TEMP B-TREE", StringComparison.Ordinal), string.Join(" | ", plan));
    }
}
