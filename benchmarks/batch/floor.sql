-- The floor: the columns of the leads are read, and the events of 90 days are counted, one GROUP BY; nothing is decided.
SELECT leads.*, events_of_90_days
FROM leads
LEFT JOIN (
  SELECT lead, count(*) AS events_of_90_days
  FROM events
  WHERE "at" > TIMESTAMPTZ '2026-03-03 09:00:00+00' AND "at" <= TIMESTAMPTZ '2026-06-01 09:00:00+00'
  GROUP BY lead
) AS counted ON counted.lead = leads.id
