-- When a company reaches people: what it chose beyond contact law (rules/) and aldia.conf.

CREATE TABLE contact_choice (
    company_id @id PRIMARY KEY REFERENCES company (id),
    profile @text NOT NULL DEFAULT '' CHECK (profile @one_of ('', 'house', 'hours', 'none')), -- empty: as aldia.conf says
    region @text NOT NULL DEFAULT '',           -- of the company's country, as calendars/CC.yaml names it: 'MD'
    keeps_holidays @bool NOT NULL DEFAULT 0,    -- on public holidays of the company's own place nothing is sent, wherever the debtor is
    actor @text NOT NULL,
    changed_at @stamp NOT NULL
);

-- Days of the company's own on which nothing is sent.
CREATE TABLE closed_day (
    company_id @id NOT NULL REFERENCES company (id),
    date @date NOT NULL,
    every_year @bool NOT NULL DEFAULT 0,        -- the same day and month from then on
    name @text NOT NULL DEFAULT '',
    actor @text NOT NULL,
    PRIMARY KEY (company_id, date)
);
