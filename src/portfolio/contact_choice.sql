-- When a company reaches people: its choices and its closed days.

--: contact_choice_get maybe
--: -> profile text, region text, keeps_holidays bool
SELECT profile, region, keeps_holidays FROM contact_choice WHERE company_id = :company;

--: contact_choice_put exec
--: profile text, region text, keeps_holidays bool, actor text ->
INSERT INTO contact_choice (company_id, profile, region, keeps_holidays, actor, changed_at)
VALUES (:company, :profile, :region, :keeps_holidays, :actor, :now)
ON CONFLICT (company_id) DO UPDATE SET profile = excluded.profile, region = excluded.region, keeps_holidays = excluded.keeps_holidays,
    actor = excluded.actor, changed_at = excluded.changed_at;

--: closed_day_list many
--: -> date date, every_year bool, name text, actor text
SELECT date, every_year, name, actor FROM closed_day WHERE company_id = :company ORDER BY date;

--: closed_day_put exec
--: date date, every_year bool, name text, actor text ->
INSERT INTO closed_day (company_id, date, every_year, name, actor) VALUES (:company, :date, :every_year, :name, :actor)
ON CONFLICT (company_id, date) DO UPDATE SET every_year = excluded.every_year, name = excluded.name, actor = excluded.actor;

--: closed_day_delete exec
--: date date ->
DELETE FROM closed_day WHERE company_id = :company AND date = :date;

--: customer_places many
--: -> country text, kind text, customers int
-- Where the customers are (empty: the company's country) and what they are; the most first.
SELECT country, kind, COUNT(*) AS customers FROM customer WHERE company_id = :company GROUP BY country, kind
ORDER BY customers DESC, country, kind;
