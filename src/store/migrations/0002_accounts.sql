-- People, what they may do, how they prove who they are, and what they did.
--
-- Secrets are kept as hashes: passwords as argon2id, what is long and random (session ids, keys, recovery codes) as SHA-256.

-- A person of this installation; what they are in each company stands in membership.
CREATE TABLE app_user (
    id @id PRIMARY KEY,
    login @text NOT NULL UNIQUE,                -- lower case
    name @text NOT NULL DEFAULT '',
    email @text NOT NULL DEFAULT '',            -- lower case; sign-on by another provider finds the person by it
    language @text NOT NULL DEFAULT '',         -- empty: the company's
    theme @text NOT NULL DEFAULT 'auto' CHECK (theme @one_of ('auto', 'light', 'dark')),
    password_hash @text NOT NULL,               -- libsodium's argon2id string; empty: no password, signs on elsewhere
    password_at @stamp,                         -- when it was set; NULL: given by an administrator, to be changed
    totp_secret @blob,                          -- RFC 6238; NULL: off
    totp_pending @blob,                         -- shown for enrolment, not proved yet
    totp_step @int NOT NULL DEFAULT 0,          -- of the last code taken: it and earlier ones are refused
    created_at @stamp NOT NULL,
    disabled_at @stamp,
    erased_at @stamp                            -- the person's data are gone, the row stays for what refers to it
);
CREATE UNIQUE INDEX app_user_email ON app_user (email) WHERE email <> '';

CREATE TABLE team (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    name @text NOT NULL,
    UNIQUE (company_id, name)
);

-- What a person is in a company.
CREATE TABLE membership (
    company_id @id NOT NULL,
    user_id @id NOT NULL REFERENCES app_user (id),
    role @text NOT NULL CHECK (role @one_of ('admin', 'manager', 'supervisor', 'collector', 'seller', 'legal', 'read-only')),
    scope @text NOT NULL CHECK (scope @one_of ('own', 'team', 'all')),
    team_id @id,
    code @text NOT NULL DEFAULT '',             -- the person's code in customer.collector and customer.seller
    since @stamp NOT NULL,
    PRIMARY KEY (company_id, user_id)
);
CREATE INDEX membership_of_user ON membership (user_id);

CREATE TABLE recovery_code (
    user_id @id NOT NULL REFERENCES app_user (id),
    hash @blob NOT NULL,
    used_at @stamp,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE session (
    id @id PRIMARY KEY,
    token_hash @blob NOT NULL UNIQUE,
    user_id @id NOT NULL REFERENCES app_user (id),
    company_id @id NOT NULL,
    stage @text NOT NULL CHECK (stage @one_of ('code', 'open')), -- code: the second factor is missing
    csrf @blob NOT NULL,
    address @text NOT NULL DEFAULT '',
    agent @text NOT NULL DEFAULT '',
    created_at @stamp NOT NULL,
    seen_at @stamp NOT NULL,
    expires_at @stamp NOT NULL,                 -- however much it is used
    ended_at @stamp
);
CREATE INDEX session_of_user ON session (user_id) WHERE ended_at IS NULL;

-- Programs; "aldia_PREFIX_SECRET" was shown once.
CREATE TABLE api_key (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    name @text NOT NULL,
    prefix @text NOT NULL UNIQUE,
    secret_hash @blob NOT NULL,
    capabilities @text NOT NULL,                -- "customer.read money.read"
    user_id @id,                                -- who made it; NULL: at the console
    created_at @stamp NOT NULL,
    expires_at @stamp,
    revoked_at @stamp,
    last_used_at @stamp,
    last_address @text NOT NULL DEFAULT ''
);
CREATE INDEX api_key_company ON api_key (company_id);

-- Failed attempts, by what they have in common: an address, a login, both.
CREATE TABLE throttle (
    subject @blob PRIMARY KEY,                  -- SHA-256, so that logins typed by mistake are not kept
    failures @int NOT NULL,
    last_at @stamp NOT NULL,
    blocked_until @stamp NOT NULL
);

-- Addresses a person has signed in from: guesses made elsewhere do not keep them out.
CREATE TABLE known_address (
    user_id @id NOT NULL REFERENCES app_user (id),
    address_hash @blob NOT NULL,
    last_at @stamp NOT NULL,
    PRIMARY KEY (user_id, address_hash)
);

-- Who came in, or tried to.
CREATE TABLE access_log (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,                    -- 0: of none
    at @stamp NOT NULL,
    what @text NOT NULL,                        -- 'sign_in', 'sign_in_refused', 'key_used', 'export' …
    user_id @id,
    key_id @id,
    who @text NOT NULL,                         -- login or name of the key; of strangers nothing
    address @text NOT NULL DEFAULT '',
    detail @text NOT NULL DEFAULT ''
);
CREATE INDEX access_log_company ON access_log (company_id, id);
CREATE INDEX access_log_of_user ON access_log (user_id, id);

-- Who did what: every action that changes something, as the dispatcher ran it.
CREATE TABLE audit (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    at @stamp NOT NULL,
    actor @text NOT NULL,                       -- as in the timeline
    user_id @id,
    key_id @id,
    verb @text NOT NULL,                        -- 'customer hold'
    object @text NOT NULL DEFAULT '',           -- what it was done to, as given
    outcome @text NOT NULL                      -- 'OK', 'DENIED'
);
CREATE INDEX audit_company ON audit (company_id, id);

-- Calls of actions that need a second person (write-offs, bank data), as one person made them: run when another approves.
CREATE TABLE proposal (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    verb @text NOT NULL,                        -- 'invoice write-off'
    object @text NOT NULL DEFAULT '',           -- what it would be done to, as given
    arguments @json NOT NULL,                   -- {"PARAMETER":["TEXT", …], …}
    customer_id @id,                            -- whose it is, NULL: the company's own
    status @text NOT NULL DEFAULT 'open' CHECK (status @one_of ('open', 'approved', 'rejected', 'withdrawn')),
    actor @text NOT NULL,
    actor_kind @int NOT NULL,                   -- enum actor_kind, and
    user_id @id NOT NULL,                       -- the person behind it (0: none), so that nobody approves their own
    created_at @stamp NOT NULL,
    decided_by @text NOT NULL DEFAULT '',
    decided_at @stamp,
    note @text NOT NULL DEFAULT ''
);
CREATE INDEX proposal_open ON proposal (company_id, id) WHERE status = 'open';

-- A sign-on at another provider that is under way.
CREATE TABLE sign_on (
    state_hash @blob PRIMARY KEY,
    browser_hash @blob NOT NULL,                -- of the cookie it began with
    nonce @text NOT NULL,
    verifier @text NOT NULL,                    -- PKCE
    created_at @stamp NOT NULL
);

@append_only audit;
