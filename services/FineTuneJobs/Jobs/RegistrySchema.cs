namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>The tables of datasets and jobs. Times are Unix milliseconds; numbers of states are <see cref="JobState"/>'s.</summary>
internal static class RegistrySchema
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE datasets (
            tenant TEXT NOT NULL,
            dataset_id TEXT NOT NULL,
            name TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            format INTEGER NOT NULL,
            lines INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, dataset_id)
        ) WITHOUT ROWID;
        CREATE INDEX datasets_by_age ON datasets (tenant, created_at, dataset_id);

        CREATE TABLE jobs (
            job_number INTEGER PRIMARY KEY AUTOINCREMENT,
            job_id TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            project TEXT NOT NULL,
            request_id TEXT,
            spec TEXT NOT NULL,
            priority INTEGER NOT NULL,
            state INTEGER NOT NULL,
            wish INTEGER NOT NULL DEFAULT 0,
            owner TEXT NOT NULL DEFAULT '',
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            resumed_at INTEGER,
            ended_at INTEGER,
            run_milliseconds INTEGER NOT NULL DEFAULT 0,
            progress TEXT NOT NULL DEFAULT '{}',
            hyper_parameters TEXT NOT NULL DEFAULT '{}',
            failure_code TEXT,
            failure_problem TEXT,
            failure_remedy TEXT,
            adapter TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            deaths INTEGER NOT NULL DEFAULT 0,
            last_sequence INTEGER NOT NULL DEFAULT 0,
            run_card TEXT,
            announced INTEGER NOT NULL DEFAULT 1,
            UNIQUE (tenant, request_id)
        );
        CREATE INDEX jobs_by_state ON jobs (state, job_number);
        CREATE INDEX jobs_by_tenant ON jobs (tenant, job_number);
        CREATE INDEX jobs_to_announce ON jobs (job_number) WHERE announced = 0;

        CREATE TABLE job_datasets (
            job_number INTEGER NOT NULL REFERENCES jobs (job_number) ON DELETE CASCADE,
            tenant TEXT NOT NULL,
            dataset_id TEXT NOT NULL,
            PRIMARY KEY (job_number, dataset_id)
        ) WITHOUT ROWID;
        CREATE INDEX job_datasets_by_dataset ON job_datasets (tenant, dataset_id);

        CREATE TABLE job_events (
            job_number INTEGER NOT NULL REFERENCES jobs (job_number) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            level TEXT NOT NULL,
            message TEXT NOT NULL,
            PRIMARY KEY (job_number, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE job_metrics (
            job_number INTEGER NOT NULL REFERENCES jobs (job_number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            step INTEGER NOT NULL,
            value REAL NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (job_number, name, step)
        ) WITHOUT ROWID;
        CREATE INDEX job_metrics_by_sequence ON job_metrics (job_number, sequence);

        CREATE TABLE job_checkpoints (
            job_number INTEGER NOT NULL REFERENCES jobs (job_number) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            at INTEGER NOT NULL,
            validation_loss REAL,
            is_best INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (job_number, step)
        ) WITHOUT ROWID;
        """,
    ];
}
