-- Alert rules, what they said, and what became of it. Nothing is edited away: a changed rule is a version beside the old
-- one, and an alert's life is the rows that were appended to it (docs/alerts.md). No person is in any of these tables.

create table alert_rule_version (
    version_id bigint generated always as identity primary key,
    rule_id uuid not null default gen_random_uuid(),
    version integer not null check (version > 0),
    kind text not null check (kind in ('threshold', 'deviation', 'repeat', 'silence', 'geofence', 'delivery')),
    title_sv text not null check (length(title_sv) between 1 and 120),
    title_en text not null check (length(title_en) between 1 and 120),
    definition jsonb not null,           -- of app/alerts/rule.py, without the fence
    fence jsonb,                         -- a polygon, or a point and metres: finer than a district
    mode text not null check (mode in ('live', 'probation', 'off')),
    allowed_per_week real not null check (allowed_per_week > 0),
    why text not null default '' check (length(why) <= 500),
    tried jsonb,                         -- what the replay said before it was set going
    -- Who and when: by default only, nobody may say it.
    made_at timestamptz not null default clock_timestamp(),
    actor text not null default coalesce(scope_actor(), 'system'),
    name text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'system'),
    unique (rule_id, version),
    check ((fence is not null) = (kind = 'geofence'))
);

create table alert (
    alert_id bigint generated always as identity primary key,
    uid uuid not null default gen_random_uuid() unique, -- opaque: what leaves the house
    version_id bigint not null references alert_rule_version,
    rule_id uuid not null,
    kind text not null,
    place text not null,                 -- what firings are grouped by: an area's code, a feed, '' for the region
    period timestamptz not null,         -- the moment of the first firing
    day date not null,                   -- of it, in the region's calendar
    area_id integer references area,     -- null: of the whole region, or of a feed
    feed text,
    probation boolean not null,          -- the rule was on probation: shown, and sent nowhere
    made_at timestamptz not null default clock_timestamp(),
    -- A process that was killed and begun again cannot say the same thing twice.
    unique (rule_id, place, period)
);
create index alert_day on alert (day);

create table alert_action (
    action_id bigint generated always as identity primary key,
    alert_id bigint not null references alert,
    rule_id uuid not null,
    kind text not null check (kind in ('fired', 'grouped', 'acknowledged', 'snoozed', 'handed_over', 'closed',
        'delivered', 'delivery_failed', 'probation')),
    at timestamptz not null default clock_timestamp(),
    firing text,                         -- which firing: what fired, and when
    fired_at timestamptz,                -- the moment at which it became true, by what was known
    value double precision,              -- what there was, and what it takes
    bound double precision,
    normal double precision,             -- for deviation: the mean of the windows before
    window_from timestamptz,
    xid xid8,                            -- what the ledger held when it was noticed
    ledger_id bigint,
    sources uuid[] not null default '{}', -- the incidents that it rests on; no row of a person
    until timestamptz,                   -- snoozed until then
    to_role text,                        -- handed over to
    outcome text check (outcome in ('true', 'false', 'unclear')),
    channel text check (channel in ('mail', 'webhook')),
    actor text not null default coalesce(scope_actor(), 'system'),
    name text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'system'),
    unique (rule_id, firing),
    check ((kind in ('fired', 'grouped')) = (firing is not null)),
    check ((firing is null) = (fired_at is null)),
    check ((kind = 'snoozed') = (until is not null)),
    check ((kind = 'handed_over') = (to_role is not null)),
    check ((kind = 'closed') = (outcome is not null)),
    check ((kind in ('delivered', 'delivery_failed')) = (channel is not null))
);
create index alert_action_alert on alert_action (alert_id, action_id);
create index alert_action_sources on alert_action using gin (sources) where sources <> '{}';

-- What people wrote beside an action; apart, since a wall that everybody passes shows none of it.
create table alert_note (
    action_id bigint primary key references alert_action,
    alert_id bigint not null references alert,
    note text not null check (length(note) between 1 and 500)
);

-- How far each rule has been looked at; written over, in the transaction that stores what it said.
create table alert_progress (
    version_id bigint primary key references alert_rule_version,
    looked_at timestamptz not null,
    xid xid8 not null,
    ledger_id bigint not null,
    state jsonb not null                 -- by area or feed; for repeats nothing is kept
);

-- What is to leave the house: written with the alert, in one transaction, and taken by whoever sends.
create table alert_outbox (
    outbox_id bigint generated always as identity primary key,
    alert_id bigint not null references alert,
    channel text not null check (channel in ('mail', 'webhook')),
    target text not null,
    made_at timestamptz not null default clock_timestamp(),
    due_at timestamptz not null default clock_timestamp(),
    tries smallint not null default 0,
    done_at timestamptz,
    delivered boolean,
    unique (alert_id, channel, target),
    check ((done_at is null) = (delivered is null))
);
create index alert_outbox_due on alert_outbox (due_at) where done_at is null;

-- A rule that somebody wants to see tried on the past: asked here, answered by the engine, which may read what it takes.
create table alert_trial (
    trial_id uuid primary key default gen_random_uuid(),
    definition jsonb not null,
    fence jsonb,
    allowed_per_week real not null check (allowed_per_week > 0),
    days integer not null check (days between 1 and 1830),
    asked_at timestamptz not null default clock_timestamp(),
    actor text not null default coalesce(scope_actor(), 'system'),
    state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
    done_at timestamptz,
    seconds real,
    result jsonb,                        -- counts by place and moment; no incident, no person
    check ((state = 'waiting') = (done_at is null))
);
create index alert_trial_waiting on alert_trial (asked_at) where state = 'waiting';

call guard_rows('alert_rule_version', 'alert', 'alert_action', 'alert_note', 'alert_progress', 'alert_outbox',
    'alert_trial');
do $$
declare
    target text;
begin
    foreach target in array array['alert_rule_version', 'alert', 'alert_action', 'alert_note'] loop
        execute format('create trigger append_only before update or delete on %I for each row '
            'execute function refuse_change()', target);
        execute format('create trigger append_only_truncate before truncate on %I for each statement '
            'execute function refuse_change()', target);
    end loop;
end $$;

-- Whoever sees the region sees every alert. A chief's are those of areas that lay in the scope on the alert's day, as
-- the policies of the ledger. A feed administrator's are those of feeds and of what could not be sent.
create policy region on alert for select to lagesbild_figures, lagesbild_region, lagesbild_region_persons
    using ((select coalesce(scope_role() in ('analyst', 'commander', 'wall'), false)));
create policy areas on alert for select to lagesbild_areas, lagesbild_areas_persons using (
    coalesce(area_id = any((select scope_areas())::integer[]), false)
    and (area_id <> all((select scope_passing_areas())::integer[]) or exists (
        select from scope_spans() as span
        where span.area_id = alert.area_id and day >= span.first and day < span.beyond)));
create policy feeds on alert for select to lagesbild_feeds
    using ((select coalesce(scope_sees('feeds'), false)) and kind in ('silence', 'delivery'));

create policy seen on alert_action for select to lagesbild_figures, lagesbild_region, lagesbild_region_persons,
    lagesbild_areas, lagesbild_areas_persons, lagesbild_feeds
    using (exists (select from alert as a where a.alert_id = alert_action.alert_id));
create policy seen on alert_note for select to lagesbild_figures, lagesbild_region, lagesbild_region_persons,
    lagesbild_areas, lagesbild_areas_persons, lagesbild_feeds
    using ((select coalesce(scope_role() <> 'wall', false))
        and exists (select from alert as a where a.alert_id = alert_note.alert_id));

-- Rules tell of no case; the fence may be an address, and is for those who see the region's incidents.
create policy seen on alert_rule_version for select to lagesbild_figures, lagesbild_region, lagesbild_region_persons,
    lagesbild_areas, lagesbild_areas_persons
    using ((select coalesce(scope_role() in ('analyst', 'commander', 'wall', 'area_chief'), false)));
create policy feeds on alert_rule_version for select to lagesbild_feeds
    using ((select coalesce(scope_sees('feeds'), false)) and kind in ('silence', 'delivery'));

-- What people write: on alerts that they see, and rules only by who sees the region's incidents.
create policy act on alert_action for insert to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds
    with check ((select coalesce(scope_role() in ('analyst', 'commander', 'area_chief', 'feed_admin'), false))
        and kind in ('acknowledged', 'snoozed', 'handed_over', 'closed')
        and exists (select from alert as a where a.alert_id = alert_action.alert_id and a.rule_id = alert_action.rule_id));
create policy act on alert_note for insert to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds
    with check ((select coalesce(scope_role() in ('analyst', 'commander', 'area_chief', 'feed_admin'), false))
        and exists (select from alert_action as b where b.action_id = alert_note.action_id
            and b.alert_id = alert_note.alert_id and b.actor = (select scope_actor())));
create policy write on alert_rule_version for insert to lagesbild_region
    with check ((select coalesce(scope_role() = 'analyst', false)));
create policy ask on alert_trial for insert to lagesbild_region
    with check ((select coalesce(scope_role() = 'analyst', false)));
create policy own on alert_trial for select to lagesbild_region
    using ((select coalesce(scope_role() = 'analyst', false)) and actor = (select scope_actor()));

grant select (version_id, rule_id, version, kind, title_sv, title_en, definition, mode, allowed_per_week, why, tried,
    made_at, name, role) on alert_rule_version to lagesbild_figures, lagesbild_region_persons, lagesbild_areas,
    lagesbild_areas_persons, lagesbild_feeds;
grant select on alert_rule_version to lagesbild_region;
grant select on alert, alert_note to lagesbild_figures, lagesbild_region, lagesbild_region_persons, lagesbild_areas,
    lagesbild_areas_persons, lagesbild_feeds;
grant select (action_id, alert_id, rule_id, kind, at, firing, fired_at, value, bound, normal, window_from, xid, ledger_id,
    until, to_role, outcome, channel, actor, name, role) on alert_action to lagesbild_figures, lagesbild_feeds;
grant select on alert_action to lagesbild_region, lagesbild_region_persons, lagesbild_areas, lagesbild_areas_persons;
grant insert (alert_id, rule_id, kind, until, to_role, outcome) on alert_action to
    lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds;
grant insert on alert_note to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds;
grant select, insert (definition, fence, allowed_per_week, days) on alert_trial to lagesbild_region;
grant insert (rule_id, version, kind, title_sv, title_en, definition, fence, mode, allowed_per_week, why, tried)
    on alert_rule_version to lagesbild_region;
