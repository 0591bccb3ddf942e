#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
// Builds a local NuGet feed (plain folder of .nupkg files) out of the libraries that Microsoft ships
// inside the Aspire CLI npm package (MIT), for package registries that lack them.
//   dotnet run build-feed.cs -- <feed-dir> [aspire-cli-linux-x64.tgz | bin/aspire | aspire-managed]
// npm tgz -> package/bin/aspire (ELF) -> embedded tar.gz payload -> managed/aspire-managed (.NET single file) -> dlls
using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

const string NpmPackage = "@microsoft/aspire-cli-linux-x64", NpmVersion = "13.5.4";
const string Ms = "10.0.0"; // lower bound for Microsoft.Extensions.* as upstream declares for net10.0

Pkg[] packages =
[
    new("Google.Protobuf", "3.34.1", "net5.0", "BSD-3-Clause", "Google Inc.", [], false),
    new("Grpc.Core.Api", "2.80.0", "netstandard2.1", "Apache-2.0", "The gRPC Authors", [], false),
    new("Grpc.Net.Common", "2.80.0", "net10.0", "Apache-2.0", "The gRPC Authors", [("Grpc.Core.Api", "2.80.0")], false),
    new("Grpc.Net.Client", "2.80.0", "net10.0", "Apache-2.0", "The gRPC Authors",
        [("Grpc.Net.Common", "2.80.0"), ("Microsoft.Extensions.Logging.Abstractions", Ms)], false),
    new("Grpc.Net.ClientFactory", "2.80.0", "net10.0", "Apache-2.0", "The gRPC Authors",
        [("Grpc.Net.Client", "2.80.0"), ("Microsoft.Extensions.Http", Ms)], false),
    new("Grpc.AspNetCore.Server", "2.80.0", "net10.0", "Apache-2.0", "The gRPC Authors", [("Grpc.Net.Common", "2.80.0")], true),
    new("Grpc.AspNetCore.Server.ClientFactory", "2.80.0", "net10.0", "Apache-2.0", "The gRPC Authors",
        [("Grpc.AspNetCore.Server", "2.80.0"), ("Grpc.Net.ClientFactory", "2.80.0")], true),
    new("OpenTelemetry.Api", "1.15.3", "net10.0", "Apache-2.0", "OpenTelemetry Authors", [], false),
    new("OpenTelemetry.Api.ProviderBuilderExtensions", "1.15.3", "net10.0", "Apache-2.0", "OpenTelemetry Authors",
        [("OpenTelemetry.Api", "1.15.3"), ("Microsoft.Extensions.DependencyInjection.Abstractions", Ms)], false),
    new("OpenTelemetry", "1.15.3", "net10.0", "Apache-2.0", "OpenTelemetry Authors",
        [("OpenTelemetry.Api.ProviderBuilderExtensions", "1.15.3"), ("Microsoft.Extensions.Diagnostics.Abstractions", Ms),
         ("Microsoft.Extensions.Logging.Configuration", Ms)], false),
    new("OpenTelemetry.Exporter.OpenTelemetryProtocol", "1.15.3", "net10.0", "Apache-2.0", "OpenTelemetry Authors",
        [("OpenTelemetry", "1.15.3"), ("Microsoft.Extensions.Configuration.Binder", Ms)], false),
    new("OpenTelemetry.Extensions.Hosting", "1.15.3", "net10.0", "Apache-2.0", "OpenTelemetry Authors",
        [("OpenTelemetry", "1.15.3"), ("Microsoft.Extensions.Hosting.Abstractions", Ms)], false),
];

if (args.Length < 1) { Console.Error.WriteLine("usage: dotnet run build-feed.cs -- <feed-dir> [tgz|aspire|aspire-managed]"); return 2; }
var feed = Directory.CreateDirectory(args[0]).FullName;
var sw = Stopwatch.StartNew();
var input = args.Length > 1 ? args[1] : NpmPack();
var dlls = ReadBundle(ReadManaged(File.ReadAllBytes(input)));
Console.WriteLine($"{dlls.Count} files in the bundle, {sw.ElapsedMilliseconds} ms");
foreach (var p in packages) WriteNupkg(p, dlls[p.Id + ".dll"]);
Console.WriteLine($"feed: {feed}, {packages.Length} packages, {sw.ElapsedMilliseconds} ms");
return 0;

string NpmPack()
{
    var tmp = Directory.CreateTempSubdirectory("aspire-cli-").FullName;
    var npm = OperatingSystem.IsWindows() ? ("cmd", "/c npm") : ("npm", "");
    var psi = new ProcessStartInfo(npm.Item1, $"{npm.Item2} pack {NpmPackage}@{NpmVersion} --silent --pack-destination \"{tmp}\"".Trim()) { WorkingDirectory = tmp };
    using var proc = Process.Start(psi)!;
    proc.WaitForExit();
    if (proc.ExitCode != 0) throw new InvalidOperationException($"npm pack failed: {proc.ExitCode}");
    return Directory.GetFiles(tmp, "*.tgz").Single();
}

static byte[] ReadManaged(byte[] data)
{
    if (data[0] == 0x1f && data[1] == 0x8b) // npm tarball
        data = FindInTarGz(new MemoryStream(data), n => n == "package/bin/aspire") ?? throw new InvalidDataException("no bin/aspire in the tarball");
    if (data.AsSpan().IndexOf(BundleSignature()) >= 0) return data; // already aspire-managed
    ReadOnlySpan<byte> magic = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]; // gzip members written by .NET: no flags, no mtime
    for (int at = 0; ;)
    {
        var i = data.AsSpan(at).IndexOf(magic);
        if (i < 0) throw new InvalidDataException("no bundle payload in the aspire binary");
        at += i;
        try
        {
            if (FindInTarGz(new MemoryStream(data, at, data.Length - at), n => n.EndsWith("managed/aspire-managed", StringComparison.Ordinal)) is { } m) return m;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException) { }
        at++;
    }
}

static byte[]? FindInTarGz(Stream s, Func<string, bool> want)
{
    using var tar = new TarReader(new GZipStream(s, CompressionMode.Decompress));
    while (tar.GetNextEntry() is { } e)
        if (want(e.Name) && e.DataStream is { } ds)
        {
            var ms = new MemoryStream(); ds.CopyTo(ms); return ms.ToArray();
        }
    return null;
}

static byte[] BundleSignature() => SHA256.HashData(".net core bundle\n"u8); // marker of the .NET single-file host (see apphost bundle_marker)

static Dictionary<string, byte[]> ReadBundle(byte[] d)
{
    var sig = d.AsSpan().IndexOf(BundleSignature());
    if (sig < 0) throw new InvalidDataException("not a .NET single-file bundle");
    using var r = new BinaryReader(new MemoryStream(d), Encoding.UTF8);
    r.BaseStream.Position = BinaryPrimitives.ReadInt64LittleEndian(d.AsSpan(sig - 8));
    uint major = r.ReadUInt32(), minor = r.ReadUInt32(); int n = r.ReadInt32(); var id = r.ReadString();
    if (major >= 2) r.BaseStream.Position += 4 * 8 + 8; // deps.json + runtimeconfig.json offset/size, flags
    Console.WriteLine($"bundle manifest {major}.{minor}, {n} files, id {id}");
    var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
    for (int i = 0; i < n; i++)
    {
        long off = r.ReadInt64(), size = r.ReadInt64(), packed = major >= 6 ? r.ReadInt64() : 0; r.ReadByte(); var name = r.ReadString();
        var bytes = d.AsSpan((int)off, (int)(packed > 0 ? packed : size)).ToArray();
        if (packed > 0) { var ms = new MemoryStream((int)size); new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress).CopyTo(ms); bytes = ms.ToArray(); }
        files[name] = bytes;
    }
    return files;
}

void WriteNupkg(Pkg p, byte[] dll)
{
    var kind = "meta";
    if (dll is not null)
    {
        using var pe = new PEReader(new MemoryStream(dll));
        var cor = pe.PEHeaders.CorHeader!;
        var mr = pe.GetMetadataReader();
        kind = $"{(cor.ManagedNativeHeaderDirectory.Size > 0 ? "ReadyToRun" : "IL")} machine={pe.PEHeaders.CoffHeader.Machine} {cor.Flags} asm {mr.GetAssemblyDefinition().Version} authenticode={pe.PEHeaders.PEHeader!.CertificateTableDirectory.Size > 0}";
        if (!cor.Flags.HasFlag(CorFlags.ILOnly) && cor.ManagedNativeHeaderDirectory.Size == 0) throw new InvalidDataException(p.Id + " is not managed IL");
    }
    var deps = string.Concat(p.Deps.Select(x => $"\n        <dependency id=\"{x.Id}\" version=\"{x.Version}\" exclude=\"Build,Analyzers\" />"));
    var fx = p.AspNet ? $"\n    <frameworkReferences>\n      <group targetFramework=\"{p.Tfm}\">\n        <frameworkReference name=\"Microsoft.AspNetCore.App\" />\n      </group>\n    </frameworkReferences>" : "";
    var nuspec = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
          <metadata>
            <id>{p.Id}</id>
            <version>{p.Version}</version>
            <authors>{p.Authors}</authors>
            <license type="expression">{p.License}</license>
            <description>Repackaged unchanged from {NpmPackage}@{NpmVersion} by build-feed.cs.</description>
            <dependencies>
              <group targetFramework="{p.Tfm}">{deps}
              </group>
            </dependencies>{fx}
          </metadata>
        </package>
        """;
    var path = Path.Combine(feed, $"{p.Id}.{p.Version}.nupkg");
    using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
    {
        Add("[Content_Types].xml", """<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="nuspec" ContentType="application/octet"/><Default Extension="dll" ContentType="application/octet"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/_" ContentType="application/octet"/></Types>"""u8.ToArray());
        Add(p.Id + ".nuspec", Encoding.UTF8.GetBytes(nuspec));
        Add($"lib/{p.Tfm}/{p.Id}.dll", dll);
        void Add(string name, byte[] bytes)
        {
            var e = zip.CreateEntry(name, CompressionLevel.NoCompression); // stored + fixed time: same bytes, so same lock-file hash, everywhere
            e.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var s = e.Open(); s.Write(bytes);
        }
    }
    Console.WriteLine($"{Path.GetFileName(path),-62} {kind} sha256 {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..12]}");
}

record Pkg(string Id, string Version, string Tfm, string License, string Authors, (string Id, string Version)[] Deps, bool AspNet);
