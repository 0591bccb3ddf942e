using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>What a decoder's training leaves: written, and an adapter kept in memory too, to be read back and judged as it will be served.</summary>
internal sealed class AdapterFiles(TrainingRun run)
{
    private readonly WrittenFiles adapter = new();

    /// <summary>Of the adapter; none of a fully trained model.</summary>
    public IModelFiles Adapter => adapter;

    /// <summary>Of what serves: the adapter's files, or the whole model's.</summary>
    public long Bytes { get; private set; }

    public void Write(TrainableDecoder decoder, ChatTemplate template, bool writesMerged)
    {
        using (var chat = run.CreateFile(DecoderModel.ChatFile))
        {
            DecoderModel.WriteTemplate(template, chat);
        }

        if (!decoder.Tuning.IsFull)
        {
            LoraWriter.Write(decoder, run.BaseModelName, adapter.Create);
            Bytes = adapter.CopyTo(run.CreateFile);
        }

        if (decoder.Tuning.IsFull || writesMerged)
        {
            var bytes = MergedDecoderWriter.Write(decoder, run.BaseModel, run.CreateFile);
            Bytes = decoder.Tuning.IsFull ? bytes : Bytes;
        }
    }
}
