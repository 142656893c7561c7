-- The sandbox's database. Positions count from 0 in insertion order and are never reused:
-- a study's position is its place in an unfiltered list.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
    position    INTEGER PRIMARY KEY,
    api_key_id  TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT;

CREATE TABLE customers (
    position    INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL
) STRICT;

-- Users and invitations are few and served from memory: the record is the API's own JSON object.
CREATE TABLE users (
    position INTEGER PRIMARY KEY,
    record   TEXT NOT NULL,
    revoked  INTEGER NOT NULL
) STRICT;

CREATE TABLE invitations (
    position INTEGER PRIMARY KEY,
    record   TEXT NOT NULL
) STRICT;

-- Times are milliseconds since 1970 UTC. Enumerations are numbered in the order of the reference.
CREATE TABLE studies (
    position        INTEGER PRIMARY KEY,
    study_id        BLOB NOT NULL,
    uid             TEXT NOT NULL,
    description     TEXT NOT NULL,
    severity        INTEGER NOT NULL,
    complete        INTEGER NOT NULL,
    cancelled_at    INTEGER,
    assignee        INTEGER REFERENCES users (position),
    customer        INTEGER REFERENCES customers (position),
    created_by_user INTEGER REFERENCES users (position),
    created_by_key  INTEGER REFERENCES api_keys (position),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    metadata        TEXT NOT NULL
) STRICT;
