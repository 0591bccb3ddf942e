using System.Text.Json;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>Reads and writes the description of the run. A reader sees a whole one or none.</summary>
internal static class RunFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static RunState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(File.ReadAllBytes(path), Json);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException failure)
        {
            throw new CommandException($"{path} cannot be read: {failure.Message}", "Delete it, and end a platform that still runs by hand.");
        }
    }

    /// <summary>The run, if its process still lives.</summary>
    public static RunState? ReadLive(string path)
    {
        if (Read(path) is not { } state)
        {
            return null;
        }

        using var process = RecordedProcess.Find(state.Pid, File.GetLastWriteTimeUtc(path));
        return process is null ? null : state;
    }

    public static void Write(string path, RunState state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it holds an API key
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, state, Json);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
