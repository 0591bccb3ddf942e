using System.Collections.Concurrent;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction.Poppler;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>
/// This program as a worker: it reads documents from standard input, one after another, and answers on standard output. It
/// opens nothing else, and ends when standard input does, which is when the process that started it ends, however that was.
/// </summary>
public static class ExtractionWorker
{
    /// <summary>The first argument of a worker; its limits follow.</summary>
    public const string Argument = "extract-worker";

    /// <summary>For readers that recurse; each bounds its own depth.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    /// <returns>False when the program was not started as a worker; else after the work is over.</returns>
    public static bool TryRun(string[] arguments)
    {
        if (arguments is not [Argument, var seconds, var mebibytes])
        {
            return false;
        }

        Run(new PopplerReader(WorkerLimits.Parse(seconds, mebibytes)), Console.OpenStandardInput(), Console.OpenStandardOutput());
        return true;
    }

    private static void Run(IPdfTextReader pdf, Stream input, Stream output)
    {
        using var requests = new BlockingCollection<byte[]>(boundedCapacity: 1);
        var reading = new Thread(() => Answer(requests, new DocumentExtractor(pdf), output), StackBytes) { IsBackground = true };
        reading.Start();
        // On this thread, so that the end of the input ends the process in the middle of a document, too.
        while (Frames.ReadAsync(input, ExtractionMessages.MaxRequestBytes, CancellationToken.None).GetAwaiter().GetResult() is { } request)
        {
            requests.Add(request);
        }

        Environment.Exit(0);
    }

    private static void Answer(BlockingCollection<byte[]> requests, DocumentExtractor extractor, Stream output)
    {
        foreach (var request in requests.GetConsumingEnumerable())
        {
            Frames.WriteAsync(output, Answer(extractor, request), default, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private static ReadOnlyMemory<byte> Answer(DocumentExtractor extractor, byte[] request)
    {
        try
        {
            return ExtractionMessages.WriteAnswer(DocumentReading.Read(extractor, ExtractionMessages.ReadRequest(request), CancellationToken.None));
        }
        catch (ExtractionException failure)
        {
            return ExtractionMessages.WriteAnswer(failure);
        }
        catch (OutOfMemoryException)
        {
            return ExtractionMessages.WriteAnswer(new ExtractionException(
                ExtractionErrorCode.OutOfResources,
                $"content of {request.Length} bytes took more than the {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes} bytes of memory that its reader may take.",
                "Split the document into smaller ones, or raise Ingestion:ExtractionMemoryMebibytes."));
        }
    }
}
