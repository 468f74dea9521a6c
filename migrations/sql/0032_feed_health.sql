-- How feeds come in: when each was heard, how late it tells, what became of what it sent. Sums over the whole region by
-- feed and time, which tell nothing of a case: so every reader of the state of the feeds gets them, whatever area or
-- person it may see. They run as the owner and so read the versions themselves; no argument reaches a name of a table.
--
-- Heard is a moment at which a feed said something: the known-at of a version, or a delivery that came live with records
-- in it (it is alive though all were known before). An archive's known-at is when its source first knew, so a gap in
-- it is a gap of the source and not of our fetching.

create index delivery_feed on delivery (feed, fetched_at);

-- Up to at_: the newest known-at of each feed (null where it was not heard in the eight weeks before its last delivery)
-- and its newest live delivery with records in it. The deliveries say which feeds there are and where to begin to look,
-- so a feed that died long ago costs no more than one that lives.
create function feed_heard(at_ timestamptz) returns table (feed text, news_at timestamptz, delivered_at timestamptz)
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with recursive known as (
        (select d.feed from delivery as d order by d.feed limit 1)
        union all
        select (select d.feed from delivery as d where d.feed > k.feed order by d.feed limit 1)
        from known as k where k.feed is not null
    ), told as (
        select k.feed, least((select max(d.fetched_at) from delivery as d where d.feed = k.feed), at_) as newest
        from known as k where k.feed is not null
    )
    select t.feed, n.known_at, l.fetched_at
    from told as t left join lateral (
        select v.known_at from incident_version as v
        where v.known_at <= t.newest and v.known_at > t.newest - interval '56 days'
            and exists (select from delivery as d where d.delivery_id = v.delivery_id and d.feed = t.feed)
        order by v.known_at desc limit 1
    ) as n on true left join lateral (
        select d.fetched_at from delivery as d
        where d.feed = t.feed and d.fetched_at <= at_ and not d.archive and d.read > 0
        order by d.fetched_at desc limit 1
    ) as l on true
$$;

create function feed_moments(since timestamptz, until_ timestamptz) returns table (feed text, heard_at timestamptz)
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    select d.feed, v.known_at from incident_version as v join delivery as d using (delivery_id)
    where v.known_at > since and v.known_at <= until_
    union
    select d.feed, d.fetched_at from delivery as d
    where not d.archive and d.read > 0 and d.fetched_at > since and d.fetched_at <= until_
$$;

-- The learned rhythm: the gaps that begin in each hour of the week (weekday 1 is Monday; the region's clock). The
-- longest few of each are told, longest first, so that a reader can take hours together and still know a high quantile.
create function feed_rhythm(since timestamptz, until_ timestamptz, zone text)
    returns table (feed text, weekday smallint, hour smallint, gaps integer, usual_s real, longest_s real[])
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with gap as (
        select m.feed, m.heard_at, extract(epoch from lead(m.heard_at) over (partition by m.feed order by m.heard_at)
            - m.heard_at)::real as length_s
        from feed_moments(since, until_) as m
    )
    select g.feed, extract(isodow from g.heard_at at time zone zone)::smallint,
        extract(hour from g.heard_at at time zone zone)::smallint, count(*)::integer,
        percentile_cont(0.5) within group (order by g.length_s)::real,
        (array_agg(g.length_s order by g.length_s desc))[1:24]
    from gap as g where g.length_s is not null group by 1, 2, 3
$$;

-- The gaps of at least least_s seconds that touch the window, the one still open at its end among them.
create function feed_gaps(since timestamptz, until_ timestamptz, least_s double precision)
    returns table (feed text, begins timestamptz, ends timestamptz, closed boolean)
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with heard as (
        select m.feed, m.heard_at, true as closed from feed_moments(since, until_) as m
        union select h.feed, greatest(h.news_at, h.delivered_at), true from feed_heard(since) as h
        union select h.feed, until_, false from feed_heard(until_) as h
    ), gap as (
        select h.feed, lag(h.heard_at) over (partition by h.feed order by h.heard_at, h.closed desc) as begins,
            h.heard_at as ends, h.closed
        from heard as h where h.heard_at is not null
    )
    select g.feed, g.begins, g.ends, g.closed from gap as g
    where g.begins is not null and extract(epoch from g.ends - g.begins) >= least_s order by 1, 2
$$;

-- What became of what was sent, by day of the region: versions by the day they became known, the rest by the day of
-- their delivery. A version is new (the first of its incident that said anything), withdrawn, or corrected.
create function feed_outcomes(since timestamptz, until_ timestamptz, zone text)
    returns table (feed text, day date, new integer, corrected integer, withdrawn integer, unchanged integer,
        quarantined integer, outside integer)
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with told as (
        select d.feed, (v.known_at at time zone zone)::date as day,
            case when v.state = 'withdrawn' then 'withdrawn' when exists (
                    select from incident_version as e where e.incident_id = v.incident_id and e.known_at <= v.known_at
                        and (e.known_at, e.version_id) < (v.known_at, v.version_id))
                then 'corrected' else 'new' end as outcome
        from incident_version as v join delivery as d using (delivery_id)
        where v.known_at > since and v.known_at <= until_ and not v.repeats and v.state <> 'outside'
    ), versions as (
        select t.feed, t.day, count(*) filter (where outcome = 'new') as new,
            count(*) filter (where outcome = 'corrected') as corrected,
            count(*) filter (where outcome = 'withdrawn') as withdrawn
        from told as t group by 1, 2
    ), deliveries as (
        select d.feed, (d.fetched_at at time zone zone)::date as day, sum(d.unchanged) as unchanged,
            sum(d.quarantined) as quarantined, sum(d.outside) as outside
        from delivery as d where d.fetched_at > since and d.fetched_at <= until_ group by 1, 2
    )
    select feed, day, coalesce(v.new, 0)::integer, coalesce(v.corrected, 0)::integer, coalesce(v.withdrawn, 0)::integer,
        coalesce(d.unchanged, 0)::integer, coalesce(d.quarantined, 0)::integer, coalesce(d.outside, 0)::integer
    from versions as v full join deliveries as d using (feed, day) order by 1, 2
$$;

-- From happening to first knowing, of what was first known in the window: quantiles in hours, and how many lie in each
-- step of edges_h (the first below its first edge, the last from its last edge on).
create function feed_delay_spread(since timestamptz, until_ timestamptz, shares double precision[],
    edges_h double precision[])
    returns table (feed text, incidents integer, hours double precision[], steps integer[])
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with first as (
        select d.feed, greatest(0, extract(epoch from v.known_at - v.occurred_from) / 3600)::double precision as hours
        from incident_version as v join delivery as d using (delivery_id)
        where v.known_at > since and v.known_at <= until_ and v.state = 'active'
            and not exists (select from incident_version as e where e.incident_id = v.incident_id
                and e.known_at <= v.known_at and (e.known_at, e.version_id) < (v.known_at, v.version_id))
    ), step as (
        select f.feed, width_bucket(f.hours, edges_h) as step, count(*) as incidents from first as f group by 1, 2
    ), quantiles as (
        select f.feed, count(*)::integer as incidents, percentile_cont(shares) within group (order by f.hours) as hours
        from first as f group by 1
    )
    select q.feed, q.incidents, q.hours, (
        select array_agg(coalesce(s.incidents, 0)::integer order by n)
        from generate_series(0, cardinality(edges_h)) as n left join step as s on s.feed = q.feed and s.step = n)
    from quantiles as q order by 1
$$;

do $$
declare
    told text;
begin
    foreach told in array array['feed_heard(timestamptz)', 'feed_moments(timestamptz, timestamptz)',
        'feed_rhythm(timestamptz, timestamptz, text)', 'feed_gaps(timestamptz, timestamptz, double precision)',
        'feed_outcomes(timestamptz, timestamptz, text)',
        'feed_delay_spread(timestamptz, timestamptz, double precision[], double precision[])'] loop
        execute format('revoke execute on function %s from public', told);
        if told not like 'feed_moments%' then
            execute format('grant execute on function %s to lagesbild_figures, lagesbild_feeds, lagesbild_region, '
                'lagesbild_areas', told);
        end if;
    end loop;
end $$;
