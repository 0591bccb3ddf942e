using System.CommandLine;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Sources;

internal static class SourcesCommand
{
    public static Command Create(Session session) =>
        new RagCommand("sources", "Keeps pages of the web in collections.", "rag sources add handbook --sitemap https://example.com/sitemap.xml --every 6h", "rag sources list")
        {
            SourceChanges.CreateAdd(session),
            SourceReading.CreateList(session),
            SourceReading.CreateShow(session),
            SourceChanges.CreateCrawl(session),
            SourceChanges.CreateRemove(session),
        };
}
