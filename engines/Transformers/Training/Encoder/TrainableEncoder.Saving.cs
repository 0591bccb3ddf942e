using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

public sealed partial class TrainableEncoder
{
    /// <summary>Writes the adapter alone, as PEFT does: adapter_config.json and adapter_model.safetensors, fp32.</summary>
    /// <param name="create">Opens a new file of that name, which can seek; it is disposed here.</param>
    /// <exception cref="InvalidOperationException">There is no adapter: all of the encoder was trained.</exception>
    public void SaveAdapter(Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        if (Tuning.Lora is not { } lora)
        {
            throw new InvalidOperationException("All of the encoder was trained, so it has no adapter; save the merged model.");
        }
        AdapterFiles.Write(create, lora, name, config.Layers, Parts.Where(part => part.Down is not null));
    }

    /// <summary>
    /// Writes a whole model that <see cref="SentenceEncoder.Load"/> and sentence-transformers read: configuration, tokenizer,
    /// model.safetensors in fp32 with an adapter merged into its weights, and pooling, length and prefixes.
    /// </summary>
    /// <param name="create">Opens a new file of that name, such as "1_Pooling/config.json", which can seek; it is disposed here.</param>
    public void SaveMerged(Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        new ModelFolderFiles(source, settings, config).WriteEncoder(create, [.. MergedTensors()]);
    }

    /// <summary>Writes a whole model that <see cref="CrossEncoder.Load"/> reads: this encoder with a head of one label.</summary>
    /// <param name="create">As <see cref="SaveMerged"/>.</param>
    /// <param name="head">
    /// Of a BERT bert.pooler.dense.weight and .bias, classifier.weight [1, hidden] and .bias; of a RoBERTa classifier.dense and
    /// classifier.out_proj.
    /// </param>
    public void SaveReranker(Func<string, Stream> create, IReadOnlyList<Tensor> head)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(head);
        new ModelFolderFiles(source, settings, config).WriteReranker(create, MergedTensors(), head);
    }

    /// <summary>All weights by their names in Hugging Face's BertModel; W + (alpha / rank)·B·A where there is an adapter.</summary>
    private IEnumerable<Tensor> MergedTensors()
    {
        var merged = Parts.Where(part => part.Down is not null).ToDictionary(part => part.Weight, Merged);
        foreach (var tensor in embeddings.Tensors.Concat(layers.SelectMany(layer => layer.Tensors)))
        {
            // Biases and norms are vectors.
            int[] shape = tensor.Decays ? [tensor.Rows, tensor.Columns] : [tensor.Columns];
            yield return new Tensor(tensor.Name, shape, merged.GetValueOrDefault(tensor, tensor.Values));
        }
    }

    private IEnumerable<LinearPart> Parts => layers.SelectMany(layer => layer.Linears).SelectMany(linear => linear.Parts);

    private float[] Merged(LinearPart part)
    {
        var (rank, scale) = (Tuning.Lora!.Rank, Tuning.Lora.Scale);
        var weight = (float[])part.Weight.Values.Clone();
        for (var output = 0; output < part.Outputs; output++)
        {
            for (var r = 0; r < rank; r++)
            {
                VectorMath.AddScaled(
                    weight.AsSpan(output * part.Inputs, part.Inputs), scale * part.Up!.Values[(output * rank) + r], part.Down!.Values.AsSpan(r * part.Inputs, part.Inputs));
            }
        }
        return weight;
    }
}
