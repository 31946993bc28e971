/// The tables, in numbered steps that only go forward: a step that was released is never changed, another is added.
enum Schema {
    /// The statements of each step; the first is number 1.
    static let steps = [first, second]

    /// Cached values are a task's and go with it. Whether a task named its languages.
    private static let second = [
        "drop table cache",
        """
        create table cache (
          kind text not null check (kind in ('transcription', 'translation')),
          key blob not null,
          value blob not null,
          task_id text references tasks (id) on delete cascade,
          expires_ms bigint not null,
          primary key (kind, key)
        )
        """,
        "create index cache_task on cache (task_id) where task_id is not null",
        "create index cache_expires on cache (expires_ms)",
        "alter table tasks add column languages_named bigint not null default 1",
    ]

    /// Times are milliseconds since 1970, ids are UUIDs of version 7 as text.
    private static let first = [
        """
        create table tasks (
          id text primary key not null,
          kind text not null check (kind in ('audio', 'text')),
          status text not null check (status in
            ('pending', 'transcribing', 'translating', 'packaging', 'completed', 'failed', 'cancelled')),
          priority bigint not null check (priority between -100 and 100),
          text_number text,
          languages text not null,
          source_language text,
          model text,
          translates_to_english bigint not null,
          prompt text,
          temperature double precision not null,
          upload_blob text,
          upload_hash text,
          upload_size_bytes bigint,
          accuracy_threshold double precision,
          callback_url text,
          key_id text,
          trace_id text,
          detected_language text,
          created_ms bigint not null,
          started_ms bigint,
          finished_ms bigint,
          transcribing_ms bigint,
          translating_ms bigint,
          packaging_ms bigint,
          audio_seconds double precision,
          transcribed double precision not null check (transcribed between 0 and 1),
          translations_done bigint not null check (translations_done >= 0),
          translations_total bigint not null check (translations_total >= translations_done),
          accuracy double precision,
          word_error_rate double precision,
          character_error_rate double precision,
          failure_code text,
          failure_message text,
          package_blob text,
          package_size_bytes bigint,
          check ((kind = 'audio') = (upload_blob is not null)),
          check ((upload_blob is null) = (upload_hash is null)),
          check ((upload_blob is null) = (upload_size_bytes is null)),
          check ((status in ('completed', 'failed', 'cancelled')) = (finished_ms is not null)),
          check ((status = 'failed') = (failure_code is not null)),
          check ((failure_code is null) = (failure_message is null)),
          check ((status = 'completed') = (package_blob is not null)),
          check ((package_blob is null) = (package_size_bytes is null)),
          check (status not in ('packaging', 'completed') or translations_done = translations_total)
        )
        """,
        "create index tasks_created on tasks (created_ms, id)",
        "create index tasks_status on tasks (status, created_ms, id)",
        "create index tasks_kind on tasks (kind, created_ms, id)",
        "create index tasks_kind_status on tasks (kind, status, created_ms, id)",
        "create index tasks_number on tasks (text_number, created_ms, id) where text_number is not null",
        "create index tasks_key on tasks (key_id, created_ms, id) where key_id is not null",
        "create index tasks_unfinished on tasks (id) where finished_ms is null",
        // With what throughput is counted from.
        """
        create index tasks_finished on tasks (finished_ms, id, status, created_ms) where finished_ms is not null
        """,
        // Apart from the task, which is written many times.
        """
        create table task_texts (
          task_id text primary key not null references tasks (id) on delete cascade,
          text text not null
        )
        """,
        """
        create table jobs (
          id text primary key not null,
          task_id text not null references tasks (id) on delete cascade,
          queue text not null check (queue in ('transcription', 'translation', 'packaging', 'webhook')),
          language text not null,
          source text not null check (source in ('', 'AUDIO', 'TEXT')),
          ordinal bigint not null,
          state text not null check (state in ('available', 'running', 'completed', 'failed', 'cancelled')),
          priority bigint not null,
          task_created_ms bigint not null,
          run_at_ms bigint not null,
          attempt bigint not null check (attempt between 0 and attempts_max),
          attempts_max bigint not null,
          work_key blob,
          lease_owner text,
          lease_token bigint not null,
          lease_until_ms bigint,
          failures text not null,
          settled_ms bigint,
          check ((queue = 'translation') = (language <> '')),
          check ((queue = 'translation') = (source <> '')),
          check (ordinal = 0 or queue = 'webhook'),
          check ((state = 'running') = (lease_until_ms is not null)),
          check ((state = 'running') = (lease_owner is not null)),
          check ((state in ('completed', 'failed', 'cancelled')) = (settled_ms is not null)),
          check (state not in ('running', 'completed', 'failed') or attempt > 0)
        )
        """,
        // One job of its kind a task, so that the fan-in cannot start packaging twice.
        "create unique index jobs_once on jobs (task_id, queue, language, source, ordinal)",
        """
        create index jobs_available on jobs (queue, priority desc, task_created_ms, id, run_at_ms)
        where state = 'available'
        """,
        "create index jobs_running on jobs (lease_until_ms, queue) where state = 'running'",
        "create index jobs_work on jobs (work_key) where state = 'running' and work_key is not null",
        "create index jobs_dead on jobs (settled_ms, id, queue) where state = 'failed'",
        """
        create table job_parts (
          job_id text not null references jobs (id) on delete cascade,
          ordinal bigint not null,
          name text not null,
          value blob not null,
          primary key (job_id, name)
        )
        """,
        """
        create table transcripts (
          task_id text primary key not null references tasks (id) on delete cascade,
          document text not null
        )
        """,
        """
        create table accuracy_reports (
          task_id text primary key not null references tasks (id) on delete cascade,
          report text not null
        )
        """,
        """
        create table translations (
          task_id text not null references tasks (id) on delete cascade,
          language text not null,
          source text not null check (source in ('AUDIO', 'TEXT')),
          text text not null,
          sentences text not null,
          text_number text,
          key_id text,
          published_ms bigint,
          primary key (task_id, language, source)
        )
        """,
        "create index translations_source on translations (source, language)",
        """
        create index translations_number on translations (text_number, language, source, published_ms desc, task_id desc)
        where published_ms is not null and text_number is not null
        """,
        """
        create index translations_key
        on translations (key_id, text_number, language, source, published_ms desc, task_id desc)
        where published_ms is not null and text_number is not null and key_id is not null
        """,
        """
        create table task_events (
          id integer primary key autoincrement,
          task_id text not null references tasks (id) on delete cascade,
          name text not null check (name in ('status', 'progress', 'translation', 'failure')),
          data text not null
        )
        """,
        "create index task_events_task on task_events (task_id, id)",
        """
        create table idempotency (
          key_id text not null,
          key text not null,
          fingerprint text not null,
          task_id text not null references tasks (id) on delete cascade,
          created_ms bigint not null,
          primary key (key_id, key)
        )
        """,
        "create index idempotency_task on idempotency (task_id)",
        "create index idempotency_created on idempotency (created_ms)",
        """
        create table cache (
          kind text not null check (kind in ('transcription', 'translation')),
          key blob not null,
          value blob not null,
          upload_hash text,
          expires_ms bigint not null,
          primary key (kind, key)
        )
        """,
        "create index cache_upload on cache (upload_hash) where upload_hash is not null",
        "create index cache_expires on cache (expires_ms)",
        """
        create table api_keys (
          id text primary key not null,
          name text not null,
          secret_hash blob not null unique,
          scopes text not null,
          requests_per_minute bigint,
          tasks_per_day bigint,
          created_ms bigint not null,
          revoked_ms bigint,
          last_used_ms bigint,
          charged_day bigint not null,
          charged bigint not null check (charged >= 0)
        )
        """,
        """
        create table deliveries (
          job_id text not null,
          task_id text not null references tasks (id) on delete cascade,
          attempt bigint not null,
          status_code bigint,
          error text,
          at_ms bigint not null,
          duration_ms bigint not null
        )
        """,
        "create index deliveries_task on deliveries (task_id, at_ms)",
        "create index deliveries_at on deliveries (at_ms)",
        """
        create table callback_addresses (
          url text primary key not null,
          failures bigint not null check (failures > 0),
          paused_until_ms bigint,
          failed_ms bigint not null
        )
        """,
        """
        create table workers (
          id text primary key not null,
          report text not null,
          reported_ms bigint not null
        )
        """,
    ]
}
