namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>
/// The tables of adapters. Times are Unix milliseconds. promotions holds, for each name, those that were promoted one after
/// the other: the promoted one is the last, and rolling back takes it away. Versions are counted in names, which outlives
/// the adapters, so that none is given twice. remote_runs are trainings elsewhere that are not over.
/// </summary>
internal static class AdapterSchema
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE names (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            last_version INTEGER NOT NULL,
            PRIMARY KEY (tenant, name)
        ) WITHOUT ROWID;

        CREATE TABLE adapters (
            id TEXT PRIMARY KEY,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            state INTEGER NOT NULL,
            method TEXT NOT NULL,
            base_model TEXT NOT NULL,
            project TEXT NOT NULL,
            job TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            rows TEXT NOT NULL,
            evidence TEXT,
            gate TEXT,
            UNIQUE (tenant, name, version)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX adapters_promoted ON adapters (tenant, name) WHERE state = 3;
        CREATE INDEX adapters_by_age ON adapters (tenant, created_at, id);

        CREATE TABLE promotions (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            adapter TEXT NOT NULL REFERENCES adapters (id) ON DELETE CASCADE
        );
        CREATE INDEX promotions_by_name ON promotions (tenant, name, sequence);

        CREATE TABLE changes (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            at INTEGER NOT NULL,
            name TEXT NOT NULL,
            adapter TEXT NOT NULL,
            change TEXT NOT NULL,
            reason TEXT NOT NULL,
            changed_by TEXT NOT NULL
        );
        CREATE INDEX changes_by_name ON changes (tenant, name, sequence);

        CREATE TABLE gates (
            tenant TEXT NOT NULL,
            project TEXT NOT NULL,
            limits TEXT NOT NULL,
            PRIMARY KEY (tenant, project)
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE remote_runs (
            job TEXT PRIMARY KEY,
            tenant TEXT NOT NULL,
            begun_at INTEGER NOT NULL,
            training_file TEXT,
            validation_file TEXT,
            remote_job TEXT,
            asked_at INTEGER,
            last_event TEXT NOT NULL DEFAULT ''
        ) WITHOUT ROWID;
        """,
    ];
}
