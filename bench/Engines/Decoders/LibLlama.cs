using System.Runtime.InteropServices;

namespace RagPlatform.Bench.Engines.Decoders;

/// <summary>
/// The libllama that npm's @node-llama-cpp/linux-x64 carries, with the CPU code that it chooses for this machine. The
/// parameter blocks are larger here than in llama.h and filled by the library itself, so that only their first fields,
/// which have not moved for years, need be known.
/// </summary>
internal sealed unsafe class LibLlama : IDisposable
{
    private const int BatchTokens = 512;

    private readonly Functions native;
    private readonly nint model;
    private readonly nint context;

    private LibLlama(Functions native, nint model, nint context) => (this.native, this.model, this.context) = (native, model, context);

    /// <param name="folder">Holds the libraries.</param>
    /// <param name="gguf">The model.</param>
    /// <param name="capacity">Tokens of the context.</param>
    public static LibLlama Open(string folder, string gguf, int capacity)
    {
        var library = new Functions(folder);
        library.LogSet(&Quiet, 0);
        library.LoadBackends(folder);
        library.BackendInit();
        var loaded = library.ModelLoad(gguf, library.ModelDefaults());
        if (loaded == 0)
        {
            throw new InvalidDataException("libllama does not load the GGUF file.");
        }
        var parameters = library.ContextDefaults();
        (parameters.ContextTokens, parameters.BatchTokens, parameters.MicroBatchTokens) = ((uint)capacity, BatchTokens, BatchTokens);
        return new LibLlama(library, loaded, library.ContextInit(loaded, parameters));
    }

    public string System => Marshal.PtrToStringUTF8(native.SystemInfo()) ?? "";

    public void SetThreads(int threads) => native.SetThreads(context, threads, threads);

    public void Clear() => native.MemoryClear(native.Memory(context), 1);

    /// <summary>The logits after the last token.</summary>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> ids)
    {
        fixed (int* tokens = ids)
        {
            var status = native.Decode(context, native.BatchOf(tokens, ids.Length));
            return status == 0
                ? new ReadOnlySpan<float>(native.Logits(context, -1), RandomDecoder.Vocabulary)
                : throw new InvalidOperationException($"llama_decode ended with {status}.");
        }
    }

    public void Dispose()
    {
        native.ContextFree(context);
        native.ModelFree(model);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(global::System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Quiet(int level, byte* text, nint data)
    {
    }

    [StructLayout(LayoutKind.Sequential, Size = 512)]
    internal struct ModelParameters
    {
        public nint Devices;
    }

    [StructLayout(LayoutKind.Sequential, Size = 512)]
    internal struct ContextParameters
    {
        public uint ContextTokens;
        public uint BatchTokens;
        public uint MicroBatchTokens;
    }

    /// <summary>llama_batch.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Batch
    {
        public int Count;
        public int* Tokens;
        public float* Embeddings;
        public int* Positions;
        public int* SequenceCounts;
        public int** Sequences;
        public sbyte* Outputs;
    }

    private sealed class Functions(string folder)
    {
        private readonly nint llama = NativeLibrary.Load(Directory.GetFiles(folder, "libllama.v*.so").Single());
        private readonly nint ggml = NativeLibrary.Load(Directory.GetFiles(folder, "libggml.v*.so").Single());

        public void LoadBackends(string path) => ((delegate* unmanaged[Cdecl]<byte*, void>)Find(ggml, "ggml_backend_load_all_from_path"))(Text(path));

        public void BackendInit() => ((delegate* unmanaged[Cdecl]<void>)Find(llama, "llama_backend_init"))();

        public void LogSet(delegate* unmanaged[Cdecl]<int, byte*, nint, void> log, nint data) =>
            ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<int, byte*, nint, void>, nint, void>)Find(llama, "llama_log_set"))(log, data);

        public ModelParameters ModelDefaults() => ((delegate* unmanaged[Cdecl]<ModelParameters>)Find(llama, "llama_model_default_params"))();

        public nint ModelLoad(string path, ModelParameters parameters) =>
            ((delegate* unmanaged[Cdecl]<byte*, ModelParameters, nint>)Find(llama, "llama_model_load_from_file"))(Text(path), parameters);

        public ContextParameters ContextDefaults() => ((delegate* unmanaged[Cdecl]<ContextParameters>)Find(llama, "llama_context_default_params"))();

        public nint ContextInit(nint model, ContextParameters parameters) =>
            ((delegate* unmanaged[Cdecl]<nint, ContextParameters, nint>)Find(llama, "llama_init_from_model"))(model, parameters);

        public void SetThreads(nint context, int threads, int batchThreads) =>
            ((delegate* unmanaged[Cdecl]<nint, int, int, void>)Find(llama, "llama_set_n_threads"))(context, threads, batchThreads);

        public nint Memory(nint context) => ((delegate* unmanaged[Cdecl]<nint, nint>)Find(llama, "llama_get_memory"))(context);

        public void MemoryClear(nint memory, byte data) => ((delegate* unmanaged[Cdecl]<nint, byte, void>)Find(llama, "llama_memory_clear"))(memory, data);

        public Batch BatchOf(int* tokens, int count) => ((delegate* unmanaged[Cdecl]<int*, int, Batch>)Find(llama, "llama_batch_get_one"))(tokens, count);

        public int Decode(nint context, Batch batch) => ((delegate* unmanaged[Cdecl]<nint, Batch, int>)Find(llama, "llama_decode"))(context, batch);

        public float* Logits(nint context, int index) => ((delegate* unmanaged[Cdecl]<nint, int, float*>)Find(llama, "llama_get_logits_ith"))(context, index);

        public nint SystemInfo() => ((delegate* unmanaged[Cdecl]<nint>)Find(llama, "llama_print_system_info"))();

        public void ContextFree(nint context) => ((delegate* unmanaged[Cdecl]<nint, void>)Find(llama, "llama_free"))(context);

        public void ModelFree(nint model) => ((delegate* unmanaged[Cdecl]<nint, void>)Find(llama, "llama_model_free"))(model);

        private static nint Find(nint library, string name) => NativeLibrary.GetExport(library, name);

        /// <summary>Never freed: two file names a run.</summary>
        private static byte* Text(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);
    }
}
