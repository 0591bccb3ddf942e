using System.Runtime.InteropServices;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>The dotnet host that runs this program, wherever it is installed: DOTNET/shared/NAME/VERSION/ is the runtime's folder.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
