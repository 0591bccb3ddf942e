using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>The files of a BERT-family model's folder that every use of it reads.</summary>
internal static class BertFiles
{
    public static BertConfig ReadConfig(IModelFiles files)
    {
        if (!files.Exists(BertConfig.File))
        {
            throw new FileNotFoundException($"The model has no {BertConfig.File}.", BertConfig.File);
        }
        using var stream = files.Open(BertConfig.File);
        return BertConfig.Read(stream);
    }

    /// <summary>Reads what is needed of the weights.</summary>
    public static T ReadWeights<T>(IModelFiles files, Func<IWeights, BertNames, T> read)
    {
        try
        {
            using var weights = ModelWeights.Open(files);
            return read(weights, BertNames.Of(weights));
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("The weights file became shorter while it was read.", exception);
        }
    }
}
