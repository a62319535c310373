/**
 * The store's first shape: tables by access pattern, vendors' facts as JSON documents.
 * `seq` is the order of creation, so that a page is stable even when the clock is frozen.
 */
export default `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, parent TEXT NOT NULL, key TEXT NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE UNIQUE INDEX record_key ON record (kind, parent, key);
CREATE INDEX record_age ON record (kind, parent, seq);

CREATE TABLE person (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  pool TEXT NOT NULL, id TEXT NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE UNIQUE INDEX person_key ON person (pool, id);
CREATE INDEX person_age ON person (pool, seq);

CREATE TABLE person_name (
  pool TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (pool, name, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_name_owner ON person_name (pool, id);

CREATE TABLE person_attribute (
  pool TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (pool, name, value, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_attribute_owner ON person_attribute (pool, id);

CREATE TABLE member (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  pool TEXT NOT NULL, team TEXT NOT NULL, person TEXT NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE UNIQUE INDEX member_key ON member (pool, team, person);
CREATE INDEX member_age ON member (pool, team, seq);
CREATE INDEX member_person ON member (pool, person, seq);

CREATE TABLE credential (
  pool TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc)),
  PRIMARY KEY (pool, person, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL, pool TEXT NOT NULL, person TEXT NOT NULL, family TEXT NOT NULL,
  issued INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER, revoked INTEGER,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_family ON ticket (family);
CREATE INDEX ticket_person ON ticket (pool, person, kind);

CREATE TABLE due (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE INDEX due_order ON due (at, seq);
CREATE INDEX due_key ON due (kind, key);

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL, person TEXT NOT NULL,
  doc TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE INDEX outbox_recipient ON outbox (recipient, seq);
`
