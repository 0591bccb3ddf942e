using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Workers.BuiltIn;

/// <summary>What a run rests on beside its settings: for the run card.</summary>
internal static class RunFacts
{
    public static IReadOnlyDictionary<string, string> Of(WorkerOrder order, TrainingSet data, BaseModelFolder? model)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["package_version"] = typeof(RunFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["operating_system"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["vector_instructions"] = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "other",
            ["threads"] = order.Threads.ToString(CultureInfo.InvariantCulture),
            ["training_examples"] = data.Training.Count.ToString(CultureInfo.InvariantCulture),
            ["validation_examples"] = data.Validation.Count.ToString(CultureInfo.InvariantCulture),
            ["test_examples"] = data.Test.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (model is not null)
        {
            facts["base_model_sha256"] = FolderHash(model.Path);
        }

        return facts;
    }

    /// <summary>SHA-256 over the names and the hashes of all files, by name: equal folders have equal hashes.</summary>
    internal static string FolderHash(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(Path.Combine(folder, file));
            all.AppendData(Encoding.UTF8.GetBytes(file + "\0"));
            all.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
