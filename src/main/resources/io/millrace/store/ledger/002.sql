-- Queues, leases and rates; several processes in one run.

UPDATE millrace.meta SET min_reader = 2;

ALTER TABLE millrace.run ADD COLUMN trial json;

ALTER TABLE millrace.inc ADD COLUMN hold bigint, ADD COLUMN shared boolean NOT NULL DEFAULT false;
UPDATE millrace.inc SET hold = inc;
ALTER TABLE millrace.inc ALTER COLUMN hold SET NOT NULL;
CREATE INDEX ON millrace.inc (hold);
CREATE INDEX ON millrace.inc (node) WHERE live;

-- A process's time with a run, over all its incarnations: to whom claims and leases belong, and the fence before them. Apart from inc, whose row is locked
-- while a commit is under way. It is there while the process lives.
CREATE TABLE millrace.hold (
    hold    bigint PRIMARY KEY,
    run     bigint NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    no      bigint NOT NULL DEFAULT 0,
    backend int,
    since   timestamptz
) WITH (fillfactor = 50);

-- state: r ready, in the order of ids; w waits until not_before, or was given back; c claimed. Its run is not a foreign key: that would be asked for each row.
CREATE TABLE millrace.queue (
    id         bigint   GENERATED ALWAYS AS IDENTITY,
    run        bigint   NOT NULL,
    hold       bigint,
    not_before timestamptz,
    attempt    int      NOT NULL DEFAULT 0,
    bucket     smallint NOT NULL,
    state      "char"   NOT NULL,
    stage      text COLLATE "C" NOT NULL,
    h          uuid,
    keep       bigint, -- ms
    meta       bytea    NOT NULL,
    doc        bytea    NOT NULL,
    PRIMARY KEY (run, stage, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);
CREATE INDEX queue_waiting ON millrace.queue (run, stage, not_before, id) WHERE state = 'w';
CREATE INDEX queue_claimed ON millrace.queue (hold) WHERE state = 'c';

CREATE TABLE millrace.seen (
    run   bigint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    h     uuid   NOT NULL,
    PRIMARY KEY (run, stage, h)
);

CREATE TABLE millrace.keep (
    flow  text        NOT NULL,
    stage text COLLATE "C" NOT NULL,
    h     uuid        NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (flow, stage, h)
);
CREATE INDEX ON millrace.keep (until);

-- What a letter's row had, for its replay.
ALTER TABLE millrace.dead ADD COLUMN bucket smallint NOT NULL DEFAULT -1, ADD COLUMN h uuid, ADD COLUMN keep bigint;

CREATE TABLE millrace.lease (
    run  bigint NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    kind text   NOT NULL,
    name text   NOT NULL,
    hold bigint NOT NULL,
    PRIMARY KEY (run, kind, name)
);
CREATE INDEX ON millrace.lease (hold);

-- When the next permit is due. Behind a run's rates nobody need tidy up: they go with it.
CREATE TABLE millrace.rate (
    run  bigint      NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    name text        NOT NULL,
    key  text        NOT NULL,
    next timestamptz NOT NULL,
    PRIMARY KEY (run, name, key)
) WITH (fillfactor = 50);
