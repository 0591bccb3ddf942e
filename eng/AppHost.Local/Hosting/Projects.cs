using Aspire.Hosting;

// The classes that the Aspire SDK generates from AppHost.csproj's project references.
namespace Projects;

public sealed class Embedding : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/Embedding/Embedding.csproj";
}

public sealed class Gateway : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/Gateway/Gateway.csproj";
}

public sealed class FineTuneJobs : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/FineTuneJobs/FineTuneJobs.csproj";
}

public sealed class Generation : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/Generation/Generation.csproj";
}

public sealed class Ingestion : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/Ingestion/Ingestion.csproj";
}

public sealed class Retrieval : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => "services/Retrieval/Retrieval.csproj";
}
