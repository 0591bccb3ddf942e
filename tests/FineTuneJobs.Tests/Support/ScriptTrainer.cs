using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>
/// An external trainer of a few lines of sh, as the protocol's guide describes one: its state is a number that each step changes;
/// after each step it keeps a checkpoint, and it resumes from the one that job.json names.
/// </summary>
internal static class ScriptTrainer
{
    public const string Name = "script";

    private const string Script = """
        set -eu
        resume=$(sed -n 's/.*"resume_from": "\(.*\)".*/\1/p' job.json)
        steps=$(sed -n 's/.*"steps": "\(.*\)".*/\1/p' job.json)
        nap=$(sed -n 's/.*"nap": "\(.*\)".*/\1/p' job.json)
        step=0; state=17
        if [ -n "$resume" ]; then read -r step state < "$resume"; fi
        echo 'this is a log line of the trainer'
        echo '{"type":"used","facts":{"trainer":"script"}}'
        while [ "$step" -lt "$steps" ]; do
          if [ -f stop.me ]; then echo '{"type":"paused"}'; exit 0; fi
          step=$((step + 1)); state=$(((state * 48271 + step) % 2147483647))
          sleep "${nap:-0}"
          echo "$step $state" > checkpoints/new; mv checkpoints/new "checkpoints/$step"
          echo "{\"type\":\"progress\",\"step\":$step,\"steps\":$steps,\"loss\":0.$state,\"tokens\":$((step * 10))}"
          echo "{\"type\":\"metric\",\"step\":$step,\"name\":\"train_loss\",\"value\":0.$state}"
          echo "{\"type\":\"checkpoint\",\"step\":$step,\"path\":\"checkpoints/$step\"}"
        done
        echo "$state" > adapter/weights
        echo '{"type":"result","folder":"adapter","hyper_parameters":{"steps":'"$steps"'},"rows":[{"system":"adapter","metrics":{"accuracy":1}}]}'
        """;

    /// <summary>Of a host.</summary>
    /// <param name="script">Instead of the trainer.</param>
    public static (string, string)[] Settings(string script = Script) =>
    [
        ($"FineTuneJobs:Commands:{Name}:Executable", "/bin/sh"),
        ($"FineTuneJobs:Commands:{Name}:Arguments:0", "-c"),
        ($"FineTuneJobs:Commands:{Name}:Arguments:1", script),
    ];

    public static JobSpec Spec(string dataset, int steps = 5, double napSeconds = 0) => new()
    {
        Method = TrainingMethod.Command,
        Command = Name,
        Data = new DatasetUse { TrainingDataset = dataset },
        HyperParameters = { ["steps"] = steps.ToString(CultureInfo.InvariantCulture), ["nap"] = napSeconds.ToString(CultureInfo.InvariantCulture) },
    };

    /// <summary>SHA-256 of the file that the script comes to.</summary>
    public static string ExpectedHash(int steps)
    {
        var state = 17L;
        for (var step = 1; step <= steps; step++)
        {
            state = ((state * 48271) + step) % 2147483647;
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{state}\n"))));
    }
}
