namespace RagPlatform.Provisioning.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("provisioning-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
