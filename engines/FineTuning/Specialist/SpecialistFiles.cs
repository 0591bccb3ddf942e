using RagPlatform.FineTuning.Trainers;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>What a specialist's training leaves: written, and kept in memory too, to be read back and judged as it will be served.</summary>
internal sealed class SpecialistFiles : IModelFiles
{
    private readonly Dictionary<string, MemoryStream> files = new(StringComparer.Ordinal);

    public long Bytes => files.Values.Sum(file => (long)file.ToArray().Length);

    public static SpecialistFiles Write(TrainingRun run, TrainableEncoder encoder, HeadSet heads, SpecialistDescription description)
    {
        var written = new SpecialistFiles();
        using (var stream = written.Create(SpecialistDescription.File))
        {
            description.Write(stream);
        }

        using (var stream = written.Create(SpecialistDescription.HeadsFile))
        {
            SafetensorsWriter.Write(
                stream,
                [.. heads.Heads.SelectMany(head => head.Parameters).Select(parameter => new Tensor(parameter.Name, parameter.Decays ? [parameter.Rows, parameter.Columns] : [parameter.Columns], parameter.Values))],
                ElementType.Float32);
        }

        if (description.IsAdapter)
        {
            encoder.SaveAdapter(written.Create);
        }
        else
        {
            encoder.SaveMerged(written.Create);
        }

        foreach (var (name, content) in written.files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            using var target = run.CreateFile(name);
            target.Write(content.ToArray());
        }

        return written;
    }

    public bool Exists(string name) => files.ContainsKey(name);

    public Stream Open(string name) =>
        files.TryGetValue(name, out var content) ? new MemoryStream(content.ToArray(), writable: false) : throw new FileNotFoundException($"There is no {name}.", name);

    private MemoryStream Create(string name) => files[name] = new MemoryStream();
}
