#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property Nullable=enable

// Builds a local NuGet feed, a plain folder of .nupkg files, out of the libraries that Microsoft ships inside the Aspire
// command line's npm package (MIT), for package sources that lack them. README.md beside this file says why.
//   dotnet run --file build-feed.cs -- FEED_FOLDER
// The way in: npm tarball > package/bin/aspire (ELF) > tar.gz payload > managed/aspire-managed (.NET single file) > assemblies.
using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

const string NpmPackage = "@microsoft/aspire-cli-linux-x64";
const string NpmVersion = "13.5.4";
const string ExtensionsVersion = "10.0.0"; // lower bound of Microsoft.Extensions.* that upstream declares for net10.0
const string GrpcVersion = "2.80.0";
const string TelemetryVersion = "1.15.3";

Package[] packages =
[
    new("Google.Protobuf", "3.34.1", "net5.0", "BSD-3-Clause", "Google Inc."),

    Grpc("Grpc.Core.Api") with { Framework = "netstandard2.1" },
    Grpc("Grpc.Net.Common", ("Grpc.Core.Api", GrpcVersion)),
    Grpc("Grpc.Net.Client", ("Grpc.Net.Common", GrpcVersion), ("Microsoft.Extensions.Logging.Abstractions", ExtensionsVersion)),
    Grpc("Grpc.Net.ClientFactory", ("Grpc.Net.Client", GrpcVersion), ("Microsoft.Extensions.Http", ExtensionsVersion)),
    Grpc("Grpc.AspNetCore.Server", ("Grpc.Net.Common", GrpcVersion)) with { NeedsAspNetCore = true },
    Grpc("Grpc.AspNetCore.Server.ClientFactory", ("Grpc.AspNetCore.Server", GrpcVersion), ("Grpc.Net.ClientFactory", GrpcVersion)) with { NeedsAspNetCore = true },

    Telemetry("OpenTelemetry.Api"),
    Telemetry("OpenTelemetry.Api.ProviderBuilderExtensions", ("OpenTelemetry.Api", TelemetryVersion), ("Microsoft.Extensions.DependencyInjection.Abstractions", ExtensionsVersion)),
    Telemetry("OpenTelemetry", ("OpenTelemetry.Api.ProviderBuilderExtensions", TelemetryVersion), ("Microsoft.Extensions.Diagnostics.Abstractions", ExtensionsVersion), ("Microsoft.Extensions.Logging.Configuration", ExtensionsVersion)),
    Telemetry("OpenTelemetry.Exporter.OpenTelemetryProtocol", ("OpenTelemetry", TelemetryVersion), ("Microsoft.Extensions.Configuration.Binder", ExtensionsVersion)),
    Telemetry("OpenTelemetry.Extensions.Hosting", ("OpenTelemetry", TelemetryVersion), ("Microsoft.Extensions.Hosting.Abstractions", ExtensionsVersion)),
];

if (args is not [var feedFolder])
{
    Console.Error.WriteLine("usage: dotnet run --file build-feed.cs -- FEED_FOLDER");
    return 2;
}

try
{
    var feed = Directory.CreateDirectory(feedFolder).FullName;
    var assemblies = ReadSingleFileBundle(FindDashboardProgram());
    foreach (var package in packages)
    {
        WritePackage(feed, package, assemblies[package.Id + ".dll"]);
    }

    Console.WriteLine($"{packages.Length} packages built into {feed}.");
    return 0;
}
catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException or IOException or KeyNotFoundException)
{
    Console.Error.WriteLine($"The local package feed cannot be built: {failure.Message}");
    return 1;
}

static Package Grpc(string id, params (string Id, string Version)[] dependencies) =>
    new(id, GrpcVersion, "net10.0", "Apache-2.0", "The gRPC Authors", dependencies);

static Package Telemetry(string id, params (string Id, string Version)[] dependencies) =>
    new(id, TelemetryVersion, "net10.0", "Apache-2.0", "OpenTelemetry Authors", dependencies);

// eng/Provisioning keeps the unpacked tools, and before that the tarball, at the same places: one download serves both.
static byte[] FindDashboardProgram()
{
    var cache = Path.Combine(CacheFolder(), "aspire");
    var unpacked = Path.Combine(cache, NpmVersion, "managed", "aspire-managed");
    if (OperatingSystem.IsLinux() && File.Exists(unpacked))
    {
        return File.ReadAllBytes(unpacked);
    }

    var tarball = Path.Combine(cache, $"microsoft-aspire-cli-linux-x64-{NpmVersion}.tgz");
    if (!File.Exists(tarball))
    {
        Directory.CreateDirectory(cache);
        Download(tarball);
    }

    using var file = File.OpenRead(tarball);
    var commandLine = FindInTarball(file, static name => name == "package/bin/aspire")
        ?? throw new InvalidDataException($"{tarball} holds no bin/aspire; delete it and try again.");
    return FindInPayload(commandLine);
}

static string CacheFolder() =>
    Environment.GetEnvironmentVariable("RAG_CACHE") is { Length: > 0 } chosen
        ? Path.GetFullPath(chosen)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ragplatform");

static void Download(string tarball)
{
    Console.WriteLine($"Fetching {NpmPackage} {NpmVersion} with npm (about 127 MB, once per user).");
    var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(tarball)!, $".downloading-{Environment.ProcessId}")).FullName;
    try
    {
        string[] command = ["npm", "pack", $"{NpmPackage}@{NpmVersion}", "--silent", "--pack-destination", folder];
        command = OperatingSystem.IsWindows() ? ["cmd", "/c", .. command] : command;
        using var npm = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder })!;
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm could not fetch {NpmPackage} {NpmVersion}; check npm's registry setting and the network.");
        }

        File.Move(Directory.GetFiles(folder, "*.tgz").Single(), tarball, overwrite: true);
    }
    catch (System.ComponentModel.Win32Exception)
    {
        throw new InvalidOperationException("npm is not installed, and the package sources lack gRPC or OpenTelemetry packages; install Node.js with npm, or use a complete NuGet source.");
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

static byte[]? FindInTarball(Stream gzipped, Func<string, bool> isWanted)
{
    using var tar = new TarReader(new GZipStream(gzipped, CompressionMode.Decompress));
    while (tar.GetNextEntry() is { } entry)
    {
        if (isWanted(entry.Name) && entry.DataStream is { } data)
        {
            using var copy = new MemoryStream();
            data.CopyTo(copy);
            return copy.ToArray();
        }
    }

    return null;
}

// The payload is a gzip member somewhere in the binary; .NET writes them with no flags and no time, so the start is known.
static byte[] FindInPayload(byte[] commandLine)
{
    ReadOnlySpan<byte> gzipStart = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0];
    for (var position = 0; commandLine.AsSpan(position).IndexOf(gzipStart) is var distance and >= 0; position++)
    {
        position += distance;
        try
        {
            using var rest = new MemoryStream(commandLine, position, commandLine.Length - position);
            if (FindInTarball(rest, static name => name.EndsWith("managed/aspire-managed", StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            // These bytes only looked like a gzip member: go on behind them.
        }
    }

    throw new InvalidDataException("The Aspire command line holds no payload with managed/aspire-managed.");
}

// Format: github.com/dotnet/designs, accepted/2020/single-file/bundler.md. The header's offset stands before the signature.
static Dictionary<string, byte[]> ReadSingleFileBundle(byte[] program)
{
    var signature = program.AsSpan().IndexOf(SHA256.HashData(".net core bundle\n"u8));
    if (signature < 8)
    {
        throw new InvalidDataException("managed/aspire-managed is no .NET single-file program.");
    }

    using var reader = new BinaryReader(new MemoryStream(program), Encoding.UTF8);
    reader.BaseStream.Position = BinaryPrimitives.ReadInt64LittleEndian(program.AsSpan(signature - 8));
    var majorVersion = reader.ReadUInt32();
    reader.ReadUInt32(); // minor version
    var fileCount = reader.ReadInt32();
    reader.ReadString(); // bundle id
    if (majorVersion >= 2)
    {
        reader.BaseStream.Position += (4 * sizeof(long)) + sizeof(ulong); // where deps.json and runtimeconfig.json are; flags
    }

    var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
    for (var index = 0; index < fileCount; index++)
    {
        var offset = reader.ReadInt64();
        var size = reader.ReadInt64();
        var compressedSize = majorVersion >= 6 ? reader.ReadInt64() : 0;
        reader.ReadByte(); // kind of file
        var name = reader.ReadString();
        var stored = program.AsSpan((int)offset, (int)(compressedSize > 0 ? compressedSize : size)).ToArray();
        files[name] = compressedSize > 0 ? Inflate(stored, (int)size) : stored;
    }

    return files;
}

static byte[] Inflate(byte[] compressed, int size)
{
    using var deflate = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress);
    var bytes = new byte[size];
    deflate.ReadExactly(bytes);
    return bytes;
}

static void WritePackage(string feed, Package package, byte[] assembly)
{
    using (var image = new PEReader(new MemoryStream(assembly)))
    {
        var header = image.PEHeaders.CorHeader;
        var isReadyToRun = header?.ManagedNativeHeaderDirectory.Size > 0;
        if (header is null || (!header.Flags.HasFlag(CorFlags.ILOnly) && !isReadyToRun))
        {
            throw new InvalidDataException($"{package.Id}.dll is no managed assembly.");
        }
    }

    var dependencies = string.Concat(package.Dependencies.Select(dependency =>
        $"\n        <dependency id=\"{dependency.Id}\" version=\"{dependency.Version}\" exclude=\"Build,Analyzers\" />"));
    var frameworkReferences = package.NeedsAspNetCore
        ? $"<frameworkReferences><group targetFramework=\"{package.Framework}\"><frameworkReference name=\"Microsoft.AspNetCore.App\" /></group></frameworkReferences>"
        : "";
    var manifest = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
          <metadata>
            <id>{package.Id}</id>
            <version>{package.Version}</version>
            <authors>{package.Authors}</authors>
            <license type="expression">{package.License}</license>
            <description>Repackaged unchanged from {NpmPackage} {NpmVersion} by eng/feed/build-feed.cs.</description>
            <dependencies>
              <group targetFramework="{package.Framework}">{dependencies}
              </group>
            </dependencies>
            {frameworkReferences}
          </metadata>
        </package>
        """;
    const string ContentTypes = """
        <?xml version="1.0" encoding="utf-8"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
          <Default Extension="nuspec" ContentType="application/octet" />
          <Default Extension="dll" ContentType="application/octet" />
        </Types>
        """;

    var path = Path.Combine(feed, $"{package.Id}.{package.Version}.nupkg");
    using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
    Add("[Content_Types].xml", Encoding.UTF8.GetBytes(ContentTypes));
    Add(package.Id + ".nuspec", Encoding.UTF8.GetBytes(manifest));
    Add($"lib/{package.Framework}/{package.Id}.dll", assembly);

    // Stored, and at a fixed time: the same bytes, and so the same hash in lock files, on every machine.
    void Add(string name, byte[] content)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(content);
    }
}

internal sealed record Package(
    string Id, string Version, string Framework, string License, string Authors, params (string Id, string Version)[] Dependencies)
{
    public bool NeedsAspNetCore { get; init; }
}
