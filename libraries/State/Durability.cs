namespace RagPlatform.State;

/// <summary>What a commit survives (https://sqlite.org/pragma.html#pragma_synchronous).</summary>
public enum Durability
{
    /// <summary>Power loss and a crash of the machine: every commit is flushed to the disk. For what cannot be rebuilt.</summary>
    Full,

    /// <summary>A crash of the process; after power loss the last commits may be missing, never half done. For what can be rebuilt.</summary>
    Normal,
}
