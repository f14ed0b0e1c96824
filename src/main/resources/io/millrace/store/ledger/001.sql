-- Additive changes come as 002.sql and so on; meta.min_reader rises only where an older binary would do harm.

CREATE TABLE millrace.meta (
    version    int  NOT NULL,
    min_reader int  NOT NULL,
    store_id   uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO millrace.meta (version, min_reader) VALUES (0, 1);

-- One row for each process. Beats lie apart from inc: a long commit must not hold up its own heartbeat.
CREATE TABLE millrace.node (
    node    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host    text        NOT NULL,
    machine text        NOT NULL, -- boot and pid namespace: where the pid means something
    pid     bigint      NOT NULL,
    started bigint      NOT NULL, -- when the process began, in ms: a pid may come again
    beat    timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE millrace.run (
    run    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    flow   text        NOT NULL,
    params text        NOT NULL,
    shape  json        NOT NULL, -- json keeps the text: jsonb refuses U+0000 and rewrites numbers
    state  text        NOT NULL,
    exit   int         NOT NULL DEFAULT 0,
    began  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended  timestamptz
);
CREATE INDEX ON millrace.run (flow, params, run);

-- The fence: who may write for a run. Claims and leases will belong to an inc as well.
CREATE SEQUENCE millrace.incs;
CREATE TABLE millrace.inc (
    inc       bigint  PRIMARY KEY,
    node      bigint  NOT NULL,
    run       bigint  NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    backend   int     NOT NULL,
    since     timestamptz,       -- when the backend began: a pid may come again; null behind a pooler
    live      boolean NOT NULL,
    commit_no bigint  NOT NULL,
    counts    json    NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);
CREATE INDEX ON millrace.inc (run);
CREATE INDEX ON millrace.inc (node);

CREATE TABLE millrace.source (
    run         bigint  NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    stage       text    NOT NULL,
    part        text    NOT NULL,
    fingerprint json    NOT NULL,
    seq         bigint  NOT NULL,
    last        bytea,
    pending     bytea   NOT NULL,
    ended       boolean NOT NULL,
    PRIMARY KEY (run, stage, part)
) WITH (fillfactor = 50);

CREATE TABLE millrace.file (
    run      bigint NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    stage    text   NOT NULL,
    path     text   NOT NULL,
    host     text   NOT NULL,
    len      bigint NOT NULL,
    tail_crc int    NOT NULL,
    state    text   NOT NULL,
    PRIMARY KEY (run, path)
) WITH (fillfactor = 50);

CREATE TABLE millrace.dead (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run   bigint      NOT NULL REFERENCES millrace.run ON DELETE CASCADE,
    stage text        NOT NULL,
    error json        NOT NULL,
    meta  json        NOT NULL,
    doc   bytea       NOT NULL,
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON millrace.dead (run, id);
