using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace RagPlatform.Grpc.Reflection;

/// <summary>grpc.reflection.v1: lets foreign clients load our protos from the running server. Extensions do not exist in proto3.</summary>
public sealed class ReflectionGrpcService(IEnumerable<ReflectedService> services) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        var files = CollectFiles(services.Select(service => service.Descriptor.File));
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var response = Answer(request, files);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request, IReadOnlyDictionary<string, FileDescriptor> files) =>
        request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => new()
            {
                ListServicesResponse = new() { Service = { services.Select(service => new ServiceResponse { Name = service.Descriptor.FullName }).OrderBy(service => service.Name, StringComparer.Ordinal) } },
            },
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
                files.TryGetValue(request.FileByFilename, out var file) ? Describe(file) : NotFound(request.FileByFilename),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
                files.Values.FirstOrDefault(file => Declares(file, request.FileContainingSymbol)) is { } declaring ? Describe(declaring) : NotFound(request.FileContainingSymbol),
            _ => new() { ErrorResponse = new() { ErrorCode = (int)StatusCode.Unimplemented, ErrorMessage = $"{request.MessageRequestCase} is not answered: proto3 has no extensions." } },
        };

    private static ServerReflectionResponse Describe(FileDescriptor file) =>
        new() { FileDescriptorResponse = new() { FileDescriptorProto = { CollectFiles([file]).Values.Select(dependency => dependency.SerializedData) } } };

    private static ServerReflectionResponse NotFound(string what) =>
        new() { ErrorResponse = new() { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = $"'{what}' is not served here." } };

    private static bool Declares(FileDescriptor file, string symbol) =>
        file.Services.Any(service => service.FullName == symbol || service.Methods.Any(method => method.FullName == symbol))
        || file.EnumTypes.Any(type => type.FullName == symbol)
        || file.MessageTypes.Any(type => Declares(type, symbol));

    private static bool Declares(MessageDescriptor type, string symbol) =>
        type.FullName == symbol
        || type.EnumTypes.Any(nested => nested.FullName == symbol)
        || type.NestedTypes.Any(nested => Declares(nested, symbol));

    /// <summary>The files and all they import, by name; the given ones first.</summary>
    private static Dictionary<string, FileDescriptor> CollectFiles(IEnumerable<FileDescriptor> roots)
    {
        var files = new Dictionary<string, FileDescriptor>();
        var open = new Queue<FileDescriptor>(roots);
        while (open.TryDequeue(out var file))
        {
            if (files.TryAdd(file.Name, file))
            {
                foreach (var dependency in file.Dependencies)
                {
                    open.Enqueue(dependency);
                }
            }
        }

        return files;
    }
}
