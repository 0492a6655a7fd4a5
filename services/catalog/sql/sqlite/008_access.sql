-- Who may use the HTTP API, and what was done with it.
CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL, -- what people call it
  role TEXT NOT NULL, -- viewer, operator or admin
  hash TEXT NOT NULL, -- of the secret, hex; the secret itself is not kept
  created_at INTEGER NOT NULL, -- ms
  expires_at INTEGER NOT NULL, -- ms; 0 = never
  revoked_at INTEGER NOT NULL DEFAULT 0 -- ms; 0 = it is valid
);
CREATE TABLE access_keys (
  name TEXT PRIMARY KEY,
  secret TEXT NOT NULL -- signs the sessions of browsers, hex
);
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, -- ms
  who TEXT NOT NULL, -- the token's name, or what stood in for one
  role TEXT NOT NULL,
  origin TEXT NOT NULL, -- the client's address
  action TEXT NOT NULL, -- method and route
  target TEXT NOT NULL, -- the path
  status INTEGER NOT NULL, -- of the answer
  details TEXT NOT NULL -- the beginning of the request's body
);
