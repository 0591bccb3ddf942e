using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>A kind of file, how it is damaged and what reads it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Cases">How many damaged ones are tried.</param>
/// <param name="Sound">Files that are read without complaint.</param>
/// <param name="Damage">Changes the files.</param>
/// <param name="Read">Uses the files as the product does.</param>
/// <param name="Places">One of these must be in every refusal; the names of the files that may be damaged.</param>
internal sealed record FuzzSubject(
    string Name, int Cases, Func<MemoryModelFiles> Sound, Action<Dictionary<string, byte[]>, Random> Damage, Action<MemoryModelFiles> Read, params string[] Places);
