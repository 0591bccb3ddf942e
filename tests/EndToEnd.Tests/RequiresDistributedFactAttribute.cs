using RagPlatform.Provisioning;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>Needs what the distributed platform needs: the real model, a broker, the Aspire tools, and Node for the foreign client.</summary>
public sealed class RequiresDistributedFactAttribute() : RequiresFactAttribute(Missing.Length == 0, Missing)
{
    private static string Missing { get; } = string.Join(" ", Reasons());

    private static IEnumerable<string> Reasons()
    {
        if (!Directory.Exists(RequiresModelFactAttribute.Folder))
        {
            yield return "RAG_TEST_MINILM names no folder with all-MiniLM-L6-v2.";
        }

        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ConnectionStrings__rabbitmq")))
        {
            yield return "ConnectionStrings__rabbitmq names no broker.";
        }

        if (AspireTools.Find() is null)
        {
            yield return "The Aspire tools (DCP, dashboard) are not in the cache.";
        }

        if (!ForeignClient.IsAvailable)
        {
            yield return "node and npm are not on the PATH.";
        }
    }
}
