CREATE TABLE segue_change (
    id                varchar(100) PRIMARY KEY,
    definition        text         NOT NULL,
    -- replace, introduce or retire
    kind              varchar(10)  NOT NULL,
    epoch             bigint       NOT NULL,
    sealed_old        boolean      NOT NULL,
    sealed_new        boolean      NOT NULL,
    -- whether an operator has confirmed that values which OLD cannot hold may be lost on the way back
    discards          boolean      NOT NULL,
    guard_form        varchar(10)  NOT NULL,
    guard_old_to_new  boolean      NOT NULL,
    guard_new_to_old  boolean      NOT NULL,
    guard_refusal     varchar(10)  NOT NULL,
    guard_vouched     boolean      NOT NULL,
    stage_expand      varchar(10)  NOT NULL,
    stage_guard       varchar(10)  NOT NULL,
    stage_enforce     varchar(10)  NOT NULL,
    stage_relax       varchar(10)  NOT NULL,
    stage_contract    varchar(10)  NOT NULL,
    -- how many intents have been recorded, so that who lags behind with an earlier one can tell
    intents           bigint       NOT NULL DEFAULT 0,
    -- whether the old columns are hidden before they are dropped; a progress as of a stage, and since when it is so
    dry_run           varchar(10)  NOT NULL DEFAULT 'pending',
    dry_run_since     datetime(6),
    -- what the whole fleet is told, by a person and by the automatic way back; a null phase is no request
    operator_request  varchar(20),
    operator_name     text,
    operator_reason   text,
    operator_at       datetime(6),
    watch_request     varchar(20),
    watch_name        text,
    watch_reason      text,
    watch_at          datetime(6),
    -- whether an operator wants the schema as it was before the change
    abandoned         boolean      NOT NULL DEFAULT false,
    contract_allowed  boolean      NOT NULL,
    -- the operator who lets the work on the rows rest, or null
    paused_by         varchar(200),
    -- what an operator has changed of the pace of that work; null is as configured
    pace_batch_millis bigint,
    pace_rows_per_second bigint,
    pace_workers      integer,
    -- whether nodes shall take write locks early, because a stage is about to take a table for itself
    bracing           boolean      NOT NULL DEFAULT false,
    shadow_since      datetime(6),
    hold_since        datetime(6),
    guard_hits        bigint       NOT NULL,
    guard_last_writer varchar(500),
    guard_last_at     datetime(6),
    created_at        datetime(6)  NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE segue_participant (
    change_id   varchar(100) NOT NULL,
    node        varchar(200) NOT NULL,
    generation  bigint       NOT NULL,
    application varchar(200) NOT NULL,
    version     varchar(200) NOT NULL,
    phase       varchar(20)  NOT NULL,
    draining    varchar(100) NOT NULL,
    requested   varchar(20)  NOT NULL,
    -- whether its configuration lets the old columns be dropped
    permits_drop boolean     NOT NULL,
    -- whether its transactions take their write locks when they begin
    braced      boolean      NOT NULL DEFAULT false,
    -- live, left (all sessions had ended) or lapsed (the lease ran out)
    state       varchar(10)  NOT NULL,
    lease_until datetime(6)  NOT NULL,
    -- how long it is from one renewal
    lease_millis bigint      NOT NULL,
    joined_at   datetime(6)  NOT NULL,
    ended_at    datetime(6),
    PRIMARY KEY (change_id, node)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX segue_participant_node ON segue_participant (node);

-- a batch shares the row, whoever raises the epoch takes it: its turn comes after the batches that run, before any other
CREATE TABLE segue_gate (
    change_id varchar(100) PRIMARY KEY
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE segue_range (
    id            bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    change_id     varchar(100) NOT NULL,
    -- the side that the pass brings up to date: OLD or NEW
    side          varchar(3)   NOT NULL,
    epoch         bigint       NOT NULL,
    site          varchar(300) NOT NULL,
    -- keys as URL-encoded texts with commas between; the lower one is excluded, null is the beginning of the table;
    -- the upper one is included, null is an empty table
    lower_key     text,
    upper_key     text,
    cursor_key    text,
    -- by the statistics when the pass began
    rows_expected bigint       NOT NULL DEFAULT 0,
    rows_read     bigint       NOT NULL,
    rows_repaired bigint       NOT NULL,
    rows_skipped  bigint       NOT NULL,
    -- 0: walks its keys once; above: tries again rows that were locked when a batch came by
    attempt       integer      NOT NULL DEFAULT 0,
    rows_per_second double precision NOT NULL DEFAULT 0,
    -- what the last batch could not do, or null
    waiting_for   varchar(500),
    -- open, done, void (the epoch has gone up), or look (the whole table is to be looked at after all ranges)
    state         varchar(10)  NOT NULL,
    claimed_by    varchar(200),
    claim         bigint       NOT NULL,
    -- without claimed_by: nobody may claim it before
    claimed_until datetime(6),
    updated_at    datetime(6)  NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- without the state: moving it must not need a lock of an index entry that a mover holds
CREATE INDEX segue_range_change ON segue_range (change_id);

-- rows whose two sides may not agree: recorded by the guard, or put aside by a pass
CREATE TABLE segue_dirty (
    id         bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    change_id  varchar(100) NOT NULL,
    site       varchar(300) NOT NULL,
    -- percent-encoded, with commas between
    row_key    text         NOT NULL,
    writer     varchar(500) NOT NULL,
    written_at datetime(6)  NOT NULL,
    attempts   integer      NOT NULL DEFAULT 0,
    -- not to be tried again earlier, or null
    not_before datetime(6),
    -- why it does not convert; null: nobody has found that it does not
    reason     varchar(500)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX segue_dirty_change ON segue_dirty (change_id);
CREATE INDEX segue_dirty_row ON segue_dirty (change_id, row_key(100));

CREATE TABLE segue_guard_hit (
    id         bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    change_id  varchar(100) NOT NULL,
    site       varchar(300) NOT NULL,
    writer     varchar(500) NOT NULL,
    written_at datetime(6)  NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- statements that name old columns, as each node has seen them; node is empty for the row that says when the database's
-- own statistics were last looked at, and the user for what was found there
CREATE TABLE segue_sighting (
    change_id     varchar(100) NOT NULL,
    node          varchar(200) NOT NULL,
    statement_key varchar(32)  NOT NULL,
    -- mapped, native, jdbc or database
    origin        varchar(10)  NOT NULL,
    statement     text         NOT NULL,
    columns_named text         NOT NULL,
    caller        varchar(500),
    runs          bigint       NOT NULL,
    -- null: counted by the database before anybody minded
    last_at       datetime(6),
    PRIMARY KEY (change_id, node, statement_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- what an operator lets a change go on in spite of
CREATE TABLE segue_waiver (
    change_id  varchar(100) NOT NULL,
    waived_key varchar(400) NOT NULL,
    operator   text         NOT NULL,
    waived_at  datetime(6)  NOT NULL,
    PRIMARY KEY (change_id, waived_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE segue_journal (
    id         bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at         datetime(6)  NOT NULL,
    change_id  varchar(100) NOT NULL,
    node       varchar(200) NOT NULL,
    what       varchar(50)  NOT NULL,
    from_value varchar(200),
    to_value   varchar(200),
    why        text
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX segue_journal_change ON segue_journal (change_id, id);

-- the last comparison of the two sides of a change, and how far it is
CREATE TABLE segue_verification (
    change_id     varchar(100) PRIMARY KEY,
    epoch         bigint       NOT NULL,
    -- running, clean, mismatch, uncertain (rows that look wrong were locked throughout) or void (the epoch went up)
    state         varchar(10)  NOT NULL,
    node          varchar(200) NOT NULL,
    -- where it is; null before the first row
    site          varchar(300),
    cursor_key    text,
    rows_compared bigint       NOT NULL,
    mismatches    bigint       NOT NULL,
    rows_locked   bigint       NOT NULL,
    -- what keeps it from full speed, in words
    waiting_for   varchar(500),
    began_at      datetime(6)  NOT NULL,
    -- of the last one that has seen every row
    finished_at   datetime(6)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- rows whose sides differ although both are sealed: the first of them, until they are repaired
CREATE TABLE segue_mismatch (
    id        bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    change_id varchar(100) NOT NULL,
    site      varchar(300) NOT NULL,
    -- percent-encoded, with commas between
    row_key   text         NOT NULL,
    seen_at   datetime(6)  NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX segue_mismatch_change ON segue_mismatch (change_id);

-- old columns that were NOT NULL until they were made omittable
CREATE TABLE segue_relaxed (
    change_id   varchar(100) NOT NULL,
    site        varchar(300) NOT NULL,
    column_name varchar(64) NOT NULL,
    PRIMARY KEY (change_id, site, column_name)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- old columns that were visible until a dry run hid them
CREATE TABLE segue_hidden (
    change_id   varchar(100) NOT NULL,
    site        varchar(300) NOT NULL,
    column_name varchar(64) NOT NULL,
    PRIMARY KEY (change_id, site, column_name)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
