-- The schema, as the steps that lead to it; each begins with its name behind --:. See stores/migrations.py.

--: first
CREATE TABLE sources (source_id TEXT PRIMARY KEY, state TEXT NOT NULL, paused INTEGER NOT NULL,
      next_at TEXT NOT NULL, last_visit_at TEXT NOT NULL, entries INTEGER NOT NULL,
      gaps INTEGER NOT NULL, decisions INTEGER NOT NULL, feed_length INTEGER NOT NULL, body {bytes} NOT NULL);
CREATE INDEX sources_due ON sources (next_at);
CREATE TABLE contents (hash TEXT PRIMARY KEY, body {bytes} NOT NULL) {compact};
CREATE TABLE entries (key TEXT PRIMARY KEY, source_id TEXT NOT NULL, revision INTEGER NOT NULL,
      entry_id TEXT NOT NULL, url TEXT NOT NULL, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL,
      hash TEXT NOT NULL REFERENCES contents (hash)) {compact};
CREATE INDEX entries_seen ON entries (source_id, last_seen_at);
CREATE INDEX entries_id ON entries (entry_id);
CREATE INDEX entries_url ON entries (url);
CREATE INDEX entries_hash ON entries (hash);
CREATE TABLE aliases (alias TEXT NOT NULL, source_id TEXT NOT NULL,
      key TEXT NOT NULL REFERENCES entries (key), PRIMARY KEY (alias, source_id, key)) {compact};
CREATE INDEX aliases_key ON aliases (key);
CREATE TABLE versions (key TEXT NOT NULL REFERENCES entries (key), revision INTEGER NOT NULL,
      seen_at TEXT NOT NULL, hash TEXT NOT NULL REFERENCES contents (hash), PRIMARY KEY (key, revision)) {compact};
CREATE INDEX versions_hash ON versions (hash);
CREATE TABLE decisions (entry_key TEXT NOT NULL, story_id TEXT NOT NULL, revision INTEGER NOT NULL,
      at TEXT NOT NULL, follow_up INTEGER NOT NULL, certain INTEGER NOT NULL, body {bytes} NOT NULL,
      PRIMARY KEY (entry_key, story_id, revision)) {compact};
CREATE INDEX decisions_story ON decisions (story_id, follow_up, at);
CREATE INDEX decisions_at ON decisions (at);
CREATE TABLE members (story_id TEXT NOT NULL, entry_key TEXT NOT NULL, at TEXT NOT NULL,
      verdict TEXT NOT NULL, body {bytes} NOT NULL, PRIMARY KEY (story_id, entry_key)) {compact};
CREATE INDEX members_at ON members (story_id, at);
CREATE INDEX members_entry ON members (entry_key);
CREATE TABLE claims (id TEXT PRIMARY KEY, story_id TEXT NOT NULL, entry_key TEXT NOT NULL, at TEXT NOT NULL,
      place INTEGER NOT NULL, body {bytes} NOT NULL) {compact};
CREATE INDEX claims_at ON claims (story_id, at, entry_key, place);
CREATE TABLE gaps (source_id TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, detail TEXT NOT NULL,
      PRIMARY KEY (source_id, since, until)) {compact};
CREATE TABLE alerts (id TEXT PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL, story_id TEXT NOT NULL,
      source_id TEXT NOT NULL, entry_key TEXT NOT NULL, body {bytes} NOT NULL);
CREATE INDEX alerts_at ON alerts (at);
CREATE INDEX alerts_story ON alerts (story_id, at);
CREATE INDEX alerts_entry ON alerts (entry_key);
CREATE TABLE channels (channel_id TEXT PRIMARY KEY, disabled TEXT NOT NULL) {compact};
CREATE TABLE destinations (channel_id TEXT NOT NULL, recipient TEXT NOT NULL, last_seq INTEGER NOT NULL,
      last_due_at TEXT NOT NULL, PRIMARY KEY (channel_id, recipient)) {compact};
CREATE TABLE deliveries (id TEXT PRIMARY KEY, alert_id TEXT NOT NULL REFERENCES alerts (id),
      story_id TEXT NOT NULL, channel_id TEXT NOT NULL, recipient TEXT NOT NULL, state TEXT NOT NULL,
      attempts INTEGER NOT NULL, created_at TEXT NOT NULL, next_at TEXT NOT NULL, error TEXT NOT NULL,
      seq INTEGER NOT NULL, previous_id TEXT NOT NULL, unknown INTEGER NOT NULL, claim TEXT NOT NULL,
      folded_into TEXT NOT NULL, digest INTEGER NOT NULL, due_at TEXT NOT NULL, waiting INTEGER NOT NULL);
CREATE INDEX deliveries_alert ON deliveries (alert_id);
CREATE INDEX deliveries_thread ON deliveries (channel_id, recipient, story_id, seq);
CREATE INDEX deliveries_waiting ON deliveries (channel_id, digest, due_at, seq, created_at) WHERE waiting = 1;
CREATE INDEX deliveries_claimed ON deliveries (channel_id) WHERE claim <> '';
CREATE INDEX deliveries_folded ON deliveries (folded_into) WHERE folded_into <> '';
CREATE INDEX deliveries_created ON deliveries (created_at);
CREATE TABLE attempts (delivery_id TEXT NOT NULL REFERENCES deliveries (id), number INTEGER NOT NULL,
      at TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, status INTEGER,
      elapsed_s DOUBLE PRECISION NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (delivery_id, number)) {compact};
CREATE TABLE feedback (alert_id TEXT NOT NULL, word TEXT NOT NULL, argument TEXT NOT NULL,
      entry_key TEXT NOT NULL, story_id TEXT NOT NULL, at TEXT NOT NULL,
      PRIMARY KEY (alert_id, word, argument)) {compact};
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) {compact};

--: followed
CREATE TABLE followed (entry_key TEXT PRIMARY KEY REFERENCES entries (key), source_id TEXT NOT NULL,
      next_at TEXT NOT NULL, body {bytes} NOT NULL);
CREATE INDEX watched_due ON followed (next_at);

--: delivery
-- Channels know since when they fail and what was told of it; deliveries when their life began, whether a peer may
-- have a copy, and whether their death was told.
ALTER TABLE channels ADD COLUMN failing_since TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN failed_at TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN mourned_at TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN handed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN since_at TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN request TEXT NOT NULL DEFAULT '';
CREATE INDEX deliveries_untold ON deliveries (channel_id, seq) WHERE state = 'dead' AND told = 0;

--: marks
CREATE TABLE marks (source_id TEXT PRIMARY KEY, body {bytes} NOT NULL) {compact};

--: patience
-- An endpoint that asks for patience (Retry-After) is left alone as a whole.
ALTER TABLE channels ADD COLUMN not_before TEXT NOT NULL DEFAULT '';

--: workers
CREATE TABLE workers (id TEXT PRIMARY KEY, seen_at TEXT NOT NULL) {compact};

--: pages
-- What the pages ask: how near a decision was, what was read, a day of each source in figures, and words to search
-- by. What is there already is weighed and indexed by and by, beside the work: a large state opens as fast as a
-- small one.
ALTER TABLE decisions ADD COLUMN nearness DOUBLE PRECISION NOT NULL DEFAULT -9;
CREATE INDEX decisions_near ON decisions (story_id, follow_up, nearness);
CREATE INDEX decisions_unweighed ON decisions (entry_key, story_id, revision) WHERE nearness = -9;
CREATE INDEX members_verdict ON members (story_id, verdict, at);
CREATE INDEX deliveries_state ON deliveries (state, channel_id, created_at);
CREATE TABLE reads (alert_id TEXT PRIMARY KEY, at TEXT NOT NULL) {compact};
INSERT INTO settings (name, value) SELECT 'read-until', MAX(at) FROM alerts HAVING COUNT(*) > 0;
CREATE TABLE days (day TEXT NOT NULL, source_id TEXT NOT NULL, visits INTEGER NOT NULL,
      failed INTEGER NOT NULL, entries INTEGER NOT NULL, PRIMARY KEY (day, source_id)) {compact};
CREATE TABLE search_rows (id {row}, key TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, source_id TEXT NOT NULL,
      at TEXT NOT NULL);
CREATE INDEX search_rows_at ON search_rows (at, key);
CREATE INDEX search_rows_source ON search_rows (source_id, at);
CREATE TABLE unindexed (key TEXT PRIMARY KEY) {compact};
INSERT INTO unindexed SELECT key FROM entries;
{words};
{words_index};

--: stories
-- The version of what is remembered of a story: whoever decides holds its row and leaves the next version there.
CREATE TABLE stories (story_id TEXT PRIMARY KEY, version INTEGER NOT NULL) {compact};

--: readings
-- Since when a story reads a source, how many stored entries that began with, and whether a brief has told of it.
-- Where decisions or members show that a story reads a source already, it does not begin again.
CREATE TABLE story_sources (story_id TEXT NOT NULL, source_id TEXT NOT NULL, begun_at TEXT NOT NULL,
      entries INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (story_id, source_id)) {compact};
CREATE INDEX story_sources_untold ON story_sources (story_id) WHERE told = 0;
INSERT INTO story_sources (story_id, source_id, begun_at, entries, told)
      SELECT d.story_id, e.source_id, '', 0, 1 FROM decisions d JOIN entries e ON e.key = d.entry_key
      UNION SELECT m.story_id, e.source_id, '', 0, 1 FROM members m JOIN entries e ON e.key = m.entry_key;

--: turns
-- Workers say what they are; whose turn it is to look for what is due.
ALTER TABLE workers ADD COLUMN since TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN running INTEGER NOT NULL DEFAULT 0;
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until TEXT NOT NULL) {compact};

--: unsubscriptions
-- Who wants no more of which story; they were one JSON text among the settings, which two writers overwrote.
CREATE TABLE unsubscriptions (story_id TEXT NOT NULL, channel_id TEXT NOT NULL, recipient TEXT NOT NULL,
      at TEXT NOT NULL, PRIMARY KEY (story_id, channel_id, recipient)) {compact};
INSERT INTO unsubscriptions (story_id, channel_id, recipient, at) {muted};
DELETE FROM settings WHERE name = 'muted';

--: held
-- Until when a server asked to be left alone: found by index, as what is due is. Rows written before say so with
-- their next visit, or not at all: until then each such source keeps away for itself, not for its host.
ALTER TABLE sources ADD COLUMN held_until TEXT NOT NULL DEFAULT '';
CREATE INDEX sources_held ON sources (held_until) WHERE held_until <> '';

--: periodic
-- When the upkeep of a story is due: what no visit causes costs what is due, not what is watched.
CREATE TABLE periodic (story_id TEXT PRIMARY KEY, due_at TEXT NOT NULL);
CREATE INDEX periodic_due ON periodic (due_at);

--: recent
-- Which entries moved a story last, by the version that each made: who has an older one learns these, not all.
ALTER TABLE stories ADD COLUMN recent TEXT NOT NULL DEFAULT '';

--: +doing
-- What a worker is about, by kind of work.
ALTER TABLE workers ADD COLUMN doing TEXT NOT NULL DEFAULT '';

--: +everyday
-- What a source writes every day (`relevance.everyday`); apart from its status, which every visit reads and writes.
CREATE TABLE everyday (source_id TEXT PRIMARY KEY, body {bytes} NOT NULL) {compact};

--: names
-- The names of a source's entries side by side: a document brings a hundred. That an entry is there, whoever writes
-- its names sees to: a reference would need an index of the keys of all.
CREATE TABLE names (source_id TEXT NOT NULL, alias TEXT NOT NULL, key TEXT NOT NULL,
      PRIMARY KEY (source_id, alias, key)) {compact};
INSERT INTO names SELECT source_id, alias, key FROM aliases ORDER BY source_id, alias, key;
DROP TABLE aliases;
ALTER TABLE names RENAME TO aliases;
CREATE INDEX aliases_of ON aliases (source_id, key);

--: lookups
-- Entries are found by their names, an identifier and an address among them.
DROP INDEX entries_id;
DROP INDEX entries_url;

--: +word_counts
-- The same as `everyday` in counters (`core.count_min`). What stands there is read until a source has its counters; the
-- table goes a release after this one.
CREATE TABLE word_counts (source_id TEXT PRIMARY KEY, body {bytes} NOT NULL);

--: +noted
-- Words that are not counted in yet: a visit writes some of these in the place of all counters.
ALTER TABLE word_counts ADD COLUMN noted TEXT NOT NULL DEFAULT '';
