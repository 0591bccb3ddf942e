namespace Aspire.Hosting.ApplicationModel;

public interface IResourceBuilder<out T>
    where T : IResource
{
    internal T Resource { get; }
}

internal sealed class ResourceBuilder<T>(T resource) : IResourceBuilder<T>
    where T : IResource
{
    T IResourceBuilder<T>.Resource => resource;
}
