using Xunit;

namespace RagPlatform.TestKit;

/// <summary>A test that needs something this machine may lack; without it, it is left out and the reason printed.</summary>
public abstract class RequiresFactAttribute : FactAttribute
{
    protected RequiresFactAttribute(bool available, string reason)
    {
        if (!available)
        {
            Skip = reason;
        }
    }
}

/// <summary>Needs the real MiniLM's files: the folder that RAG_TEST_MINILM names (rag test pulls and sets it).</summary>
public sealed class RequiresModelFactAttribute()
    : RequiresFactAttribute(Directory.Exists(Folder), "RAG_TEST_MINILM names no folder with all-MiniLM-L6-v2; run ./rag test, which pulls it.")
{
    public static string Folder => Environment.GetEnvironmentVariable("RAG_TEST_MINILM") ?? "";
}
