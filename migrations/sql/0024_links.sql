-- Links: judgements that two pseudonyms are of one person. Proposed by the linkage (app/linkage), decided by people, never
-- merged silently. A judgement is appended and never changed; who is one person at T follows from those known at T, and
-- events are never merged (docs/linkage.md).

-- What the linkage proposes, and the evidence: levels and weights by field, no value of anybody. The probability is that
-- of two mentions being of one person; nothing is said of what the person did. No order of a and b is kept: a re-key
-- turns them (etl/rekey.py).
create table link_proposal (
    proposal_id uuid primary key default gen_random_uuid(), -- opaque: the only id that leaves the house
    a bytea not null check (length(a) = 16),
    b bytea not null check (length(b) = 16 and b <> a),
    probability double precision not null check (probability > 0 and probability <= 1),
    evidence jsonb not null,
    model_version text not null,
    proposed_at timestamptz not null default clock_timestamp(),
    withdrawn_at timestamptz             -- the linkage no longer finds it: one of the reports was corrected
);
create unique index link_proposal_open on link_proposal (least(a, b), greatest(a, b)) where withdrawn_at is null;
create index link_proposal_a on link_proposal (a);
create index link_proposal_b on link_proposal (b);
create index link_proposal_time on link_proposal (proposed_at desc) where withdrawn_at is null;

-- What a person decided. The last one of a pair holds: accept, reject, or undo, which takes the decision before it back.
create table link_judgement (
    judgement_id uuid primary key default gen_random_uuid(),
    a bytea not null check (length(a) = 16),
    b bytea not null check (length(b) = 16 and b <> a),
    decision text not null check (decision in ('accept', 'reject', 'undo')),
    evidence jsonb not null,             -- as it was shown; {} where somebody decided without a proposal
    model_version text,                  -- null: without a proposal
    probability double precision,
    reason text not null check (length(reason) between 1 and 500),
    -- When and who: by default only, nobody may say it.
    known_at timestamptz not null default clock_timestamp(),
    decided_by text not null default coalesce(scope_actor(), 'nobody'),
    name text not null default coalesce(scope_name(), '')
);
create index link_judgement_pair on link_judgement (least(a, b), greatest(a, b), known_at);
create index link_judgement_a on link_judgement (a);
create index link_judgement_b on link_judgement (b);

-- Who is one person with whom, by the judgements known at a moment (null: now): everybody who is linked to somebody, with
-- one of the linked as the name of all. People decide one by one, so there are thousands of them and never millions.
create function link_persons(as_of timestamptz) returns table (person bytea, canonical bytea)
    stable parallel restricted rows 100 set search_path = pg_catalog, public, pg_temp language sql as $$
    with recursive latest as (
        select distinct on (least(a, b), greatest(a, b)) a, b, decision
        from link_judgement where as_of is null or known_at <= as_of
        order by least(a, b), greatest(a, b), known_at desc, judgement_id desc
    ), edge as (
        select a as one, b as other from latest where decision = 'accept'
        union all select b, a from latest where decision = 'accept'
    ), reached (person, other) as (
        select one, one from edge
        union select reached.person, edge.other from reached join edge on edge.one = reached.other
    )
    select reached.person, (array_agg(reached.other order by reached.other))[1] from reached group by reached.person
$$;

-- The same for some people, along the judgements from each: who is asked for, with everybody who is the same person.
create function link_persons_of(persons bytea[], as_of timestamptz) returns table (person bytea, member bytea)
    stable parallel restricted rows 10 set search_path = pg_catalog, public, pg_temp language sql as $$
    with recursive reached (person, member) as (
        select distinct asked, asked from unnest(persons) as asked
        union
        select reached.person, case when j.a = reached.member then j.b else j.a end
        from reached join link_judgement as j on reached.member in (j.a, j.b)
        where j.decision = 'accept' and (as_of is null or j.known_at <= as_of) and not exists (
            select from link_judgement as later
            where least(later.a, later.b) = least(j.a, j.b) and greatest(later.a, later.b) = greatest(j.a, j.b)
                and (as_of is null or later.known_at <= as_of)
                and (later.known_at, later.judgement_id) > (j.known_at, j.judgement_id))
    )
    select reached.person, reached.member from reached
$$;

call guard_rows('link_proposal', 'link_judgement');

-- No audit, no data: as incident_offence. Whoever reads the region's persons decides; an area chief is told which
-- pseudonyms are one, and nothing of why, and sees of the reports what lies in the own areas.
create policy region_persons on link_proposal for select to lagesbild_region_persons
    using ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy region_persons on link_judgement for select to lagesbild_region_persons
    using ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy areas_persons on link_judgement for select to lagesbild_areas_persons
    using ((select audited()) and (select coalesce(scope_sees('areas'), false)));
create policy region_persons_decide on link_judgement for insert to lagesbild_region_persons
    with check ((select audited()) and (select coalesce(scope_sees('region'), false)));
grant select on link_proposal, link_judgement to lagesbild_region_persons;
grant select (judgement_id, a, b, decision, known_at) on link_judgement to lagesbild_areas_persons;
grant insert (a, b, decision, evidence, model_version, probability, reason) on link_judgement to lagesbild_region_persons;
