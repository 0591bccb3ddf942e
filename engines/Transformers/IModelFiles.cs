namespace RagPlatform.Transformers;

/// <summary>A model's folder. Names are relative paths with forward slashes, such as "onnx/model_q4.onnx".</summary>
public interface IModelFiles
{
    bool Exists(string name);

    /// <summary>Opens a file for reading; the stream can seek, and the caller disposes it.</summary>
    Stream Open(string name);
}
