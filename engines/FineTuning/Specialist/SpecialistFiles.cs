using RagPlatform.FineTuning.Trainers;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>What a specialist's training leaves: written, and kept in memory too, to be read back and judged as it will be served.</summary>
internal static class SpecialistFiles
{
    /// <returns>The files, and the bytes of all of them.</returns>
    public static (WrittenFiles Files, long Bytes) Write(TrainingRun run, TrainableEncoder encoder, HeadSet heads, SpecialistDescription description)
    {
        var written = new WrittenFiles();
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

        return (written, written.CopyTo(run.CreateFile));
    }
}
