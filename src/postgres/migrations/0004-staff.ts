/**
 * Who may come in, and what they did. Of every secret only the hash is kept. None of these tables is touched by a message of a
 * conversation, so their indexes cost nothing there.
 */
export const staff = `
  CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'viewer', 'admin')),
    -- Empty for who has not used the invitation yet, or signs in at the identity provider alone.
    password text,
    -- Who they are at the identity provider, once they came from there.
    subject text UNIQUE,
    active boolean NOT NULL DEFAULT true,
    -- Of the sandbox: comes in by one click, and only there.
    demo boolean NOT NULL DEFAULT false,
    -- Connection to { skills, languages, capacity }.
    desks jsonb NOT NULL DEFAULT '{}',
    preferences jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    signed_in_at timestamptz
  );

  CREATE TABLE sessions (
    hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX sessions_by_user ON sessions (user_id);

  CREATE TABLE tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'viewer', 'admin')),
    -- Empty: all that the role may.
    scopes text[],
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz
  );

  -- Links that work once: the first admin's, invitations, new passwords.
  CREATE TABLE links (
    hash bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('first-admin', 'invite', 'reset')),
    user_id bigint REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
  );
  CREATE INDEX links_by_user ON links (user_id);

  CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- user:<id>, token:<id> or hub: a name is looked up when it is read, so none is kept here.
    who text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
  );
  CREATE INDEX audit_by_who ON audit (who, id);
  CREATE INDEX audit_by_action ON audit (action, id);

  -- Tries to sign in, counted for an address, an account, and the two together; the keys are hashes.
  CREATE TABLE sign_in_failures (
    key bytea PRIMARY KEY,
    count integer NOT NULL,
    until timestamptz NOT NULL
  );
  CREATE INDEX sign_in_failures_until ON sign_in_failures (until);
  -- From where an account came in before: strangers’ failures do not lock it out there.
  CREATE TABLE sign_in_places (
    key bytea PRIMARY KEY,
    until timestamptz NOT NULL
  );
`
