using System.Reflection;
using System.Runtime.InteropServices;

namespace RagPlatform.State;

/// <summary>
/// Which SQLite runs: on Linux the system's, which gets its security fixes with the system, else the bundled one.
/// SQL here is limited to what <see cref="MinVersionNumber"/> knows, which is also the bundled version.
/// </summary>
internal static class NativeSqlite
{
    /// <summary>3.35.0, as sqlite3_libversion_number gives it.</summary>
    private const int MinVersionNumber = 3_035_000;

    private const string SystemLibrary = "libsqlite3.so.0";
    private const string BundledLibrary = "e_sqlite3";

    private static readonly Lazy<bool> Initialized = new(Initialize);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Query();

    public static void EnsureInitialized() => _ = Initialized.Value;

    private static bool Initialize()
    {
        if (OperatingSystem.IsLinux())
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        }

        SQLitePCL.Batteries_V2.Init();
        return true;
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != BundledLibrary || !NativeLibrary.TryLoad(SystemLibrary, out var library))
        {
            return 0;
        }

        if (Ask(library, "sqlite3_libversion_number") >= MinVersionNumber && Ask(library, "sqlite3_threadsafe") != 0)
        {
            return library;
        }

        NativeLibrary.Free(library);
        return 0;
    }

    private static int Ask(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address) ? Marshal.GetDelegateForFunctionPointer<Query>(address)() : 0;
}
