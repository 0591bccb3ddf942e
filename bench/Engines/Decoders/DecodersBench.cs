using System.Diagnostics;
using System.Globalization;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Bench.Engines.Decoders;

/// <summary>Prefill and decode beside libllama: the same random weights in the same precision, rounds in turn, medians.</summary>
internal static class DecodersBench
{
    private const string Package = "@node-llama-cpp/linux-x64@3.22.1";
    private const int PromptTokens = 512;
    private const int DecodeFrom = 128;
    private const int DecodedTokens = 32;
    private const int Capacity = 1024;
    private const int CheckedTokens = 16;

    public static int Run(int rounds, IReadOnlyList<int> threads, bool bursts, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("rag-bench-decoders-").FullName;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--silent", "--prefix", folder, Package]))!;
            npm.WaitForExit();
            if (npm.ExitCode != 0)
            {
                Console.Error.WriteLine($"npm could not install {Package}.");
                return 1;
            }
            var libraries = Path.Combine(folder, "node_modules", "@node-llama-cpp", "linux-x64", "bins", "linux-x64");
            DecodersReport.WriteHead(output, PromptTokens, DecodeFrom, DecodedTokens, rounds, threads, bursts, Package);
            foreach (var type in (ReadOnlySpan<ElementType>)[ElementType.Float32, ElementType.Float16, ElementType.BFloat16])
            {
                Measure(RandomDecoder.Write(Path.Combine(folder, type.ToString()), type), type, libraries, rounds, threads, bursts, output);
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(RandomDecoder files, ElementType type, string libraries, int rounds, IReadOnlyList<int> threadCounts, bool bursts, TextWriter output)
    {
        var decoder = Decoder.Load(files);
        using var peer = LibLlama.Open(libraries, files.GgufPath, Capacity);
        var random = new Random(7);
        var prompt = Enumerable.Range(0, PromptTokens).Select(_ => random.Next(RandomDecoder.Vocabulary)).ToArray();
        foreach (var threads in threadCounts)
        {
            using var session = new DecoderSession(decoder, Capacity, threads: threads);
            peer.SetThreads(threads);
            var agreement = Agreement(session, peer, prompt.AsSpan(0, DecodeFrom));
            List<Speeds> ours = [], theirs = [];
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(Time(ids => Highest(session.Append(ids, CancellationToken.None)), () => session.Truncate(0), prompt, threads, bursts && threads > 1));
                theirs.Add(Time(ids => Highest(peer.Append(ids)), peer.Clear, prompt, threads, bursts && threads > 1));
            }
            DecodersReport.WriteRow(output, type, threads, ours, theirs, agreement);
        }
        output.Flush();
    }

    private static Speeds Time(Func<int[], int> append, Action clear, int[] prompt, int threads, bool bursts)
    {
        clear();
        TimeSpan prefill, decode;
        using (Burst.Begin(bursts))
        {
            var begin = Now(threads);
            append(prompt);
            prefill = Now(threads) - begin;
        }
        clear();
        int[] token = [append(prompt[..DecodeFrom])];
        using (Burst.Begin(bursts))
        {
            var begin = Now(threads);
            for (var i = 0; i < DecodedTokens; i++)
            {
                token[0] = append(token);
            }
            decode = Now(threads) - begin;
        }
        return new Speeds(prompt.Length / prefill.TotalSeconds, DecodedTokens / decode.TotalSeconds);
    }

    /// <summary>One thread is measured by the process's processor time, so that other work on the machine counts little; several by the clock.</summary>
    private static TimeSpan Now(int threads) =>
        threads == 1 ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    /// <summary>Greedy tokens that are the same before the first that is not, and the largest difference of a logit beside the largest logit.</summary>
    private static string Agreement(DecoderSession session, LibLlama peer, ReadOnlySpan<int> prompt)
    {
        session.Truncate(0);
        peer.Clear();
        var one = session.Append(prompt, CancellationToken.None);
        var other = peer.Append(prompt);
        float difference = 0, largest = 0;
        for (var i = 0; i < one.Length; i++)
        {
            (difference, largest) = (MathF.Max(difference, MathF.Abs(one[i] - other[i])), MathF.Max(largest, MathF.Abs(other[i])));
        }
        var same = 0;
        for (; same < CheckedTokens && Highest(one) == Highest(other); same++)
        {
            int[] next = [Highest(one)];
            one = session.Append(next, CancellationToken.None);
            other = peer.Append(next);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{same} of {CheckedTokens} | {difference / largest:0.0e+0}");
    }

    private static int Highest(ReadOnlySpan<float> logits) => logits.IndexOf(VectorMath.Highest(logits));
}

/// <param name="Prefill">Tokens per second of a prompt.</param>
/// <param name="Decode">Tokens per second, one after the other.</param>
internal readonly record struct Speeds(double Prefill, double Decode);
