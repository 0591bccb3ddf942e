using Google.Protobuf.Reflection;

namespace RagPlatform.Grpc.Reflection;

/// <summary>A gRPC service that this host serves and describes to callers.</summary>
public sealed record ReflectedService(ServiceDescriptor Descriptor);
