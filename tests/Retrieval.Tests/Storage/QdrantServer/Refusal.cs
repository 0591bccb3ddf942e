namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>What the server answers to a request that the documented API does not allow.</summary>
internal sealed class Refusal(int status, string message) : Exception(message)
{
    public int Status => status;

    public static Refusal Format(string path, string problem) => new(400, $"Format error in JSON body: {path}: {problem}");

    public static Refusal Validation(string path, string problem) => new(422, $"Validation error in JSON body: [{path}: {problem}]");

    public static Refusal WrongInput(string problem) => new(400, $"Wrong input: {problem}");

    public static Refusal NoCollection(string name) => new(404, $"Not found: Collection `{name}` doesn't exist!");

    public static Refusal NoIndex(string key, string types) =>
        new(400, $"Bad request: Index required but not found for \"{key}\" of one of the following types: [{types}]. Help: Create an index for this key or use a different filter.");
}
