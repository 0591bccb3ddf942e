using System.Runtime.InteropServices;

namespace RagPlatform.Search.Files;

/// <summary>Makes the names in a folder durable. .NET opens no folders, so this asks the C library.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int Interrupted = 4;

    /// <summary>Does nothing on Windows (<see cref="DirectoryIndexFiles"/>).</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw Failure("open", folder);
        }

        try
        {
            while (Synchronize(handle) != 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw Failure("flush", folder);
                }
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string step, string folder) =>
        new($"Could not {step} the folder '{folder}': {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
