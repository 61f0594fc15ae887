-- Numbers alone version 1
-- as of 2026-03-10 09:00:00 UTC
-- it calls functions named mql_...: see `functions_for` in docs/reference/sql.md

WITH "leads read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."id" AS TEXT), ' '), '') AS "id",
    CASE WHEN isfinite(CAST("r"."size" AS DOUBLE)) THEN CAST("r"."size" AS DOUBLE) END AS "f.size",
    CASE CASE
        WHEN strlen(CAST("r"."stage" AS TEXT)) <> length(CAST("r"."stage" AS TEXT))
        THEN mql_fold(CAST("r"."stage" AS TEXT))
        ELSE lower(
          CASE
            WHEN regexp_matches(CAST("r"."stage" AS TEXT), '[\t-\r]|  |^ | $')
            THEN trim(regexp_replace(CAST("r"."stage" AS TEXT), '[\t-\r ]+', ' ', 'g'), ' ')
            ELSE CAST("r"."stage" AS TEXT)
          END
        )
      END
      WHEN 'open'
      THEN 'open'
    END AS "f.stage"
  FROM "leads" AS "r"
  WHERE
    TRIM(CAST("r"."id" AS TEXT), ' ') <> ''
), "visit events read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."lead" AS TEXT), ' '), '') AS "lead",
    CAST("r"."at" AS TIMESTAMP) AS "at",
    CASE
      WHEN isfinite(CAST("r"."seconds" AS DOUBLE))
      THEN CAST("r"."seconds" AS DOUBLE)
    END AS "f.seconds"
  FROM "visit" AS "r"
), "lead0" AS NOT MATERIALIZED (
  /* what is known of each lead */
  SELECT
    "source"."id",
    'lead ' || "source"."id" AS "household",
    "source"."f.size",
    "source"."f.stage"
  FROM "leads read" AS "source"
), "lead1_family1_rows" AS NOT MATERIALIZED (
  SELECT
    "feed"."lead" AS "id",
    "feed"."lead" AS "owner",
    'visit' AS "kind",
    "feed"."at",
    "feed"."f.seconds" AS "d.seconds"
  FROM "visit events read" AS "feed"
  WHERE
    (
      NOT "feed"."lead" IS NULL
    )
    AND "feed"."at" <= CAST('2026-03-10 09:00:00' AS TIMESTAMP)
    AND "feed"."at" > CAST('2026-03-03 09:00:00' AS TIMESTAMP)
    AND "feed"."f.seconds" > 5
), "lead1_family1" AS (
  SELECT
    "row"."id",
    COUNT(CASE WHEN "row"."d.seconds" > 5 THEN 1 END) >= 2 AS "m2"
  FROM "lead1_family1_rows" AS "row"
  WHERE
    "row"."d.seconds" > 5
  GROUP BY
    "row"."id"
), "lead1" AS (
  SELECT
    "lead".*,
    "family1"."m2",
    "lead"."f.size" >= 50 AS "clause.big"
  FROM "lead0" AS "lead"
  LEFT JOIN "lead1_family1" AS "family1"
    ON "lead"."id" = "family1"."id"
), "lead2" AS (
  SELECT
    "lead".*,
    "lead"."m2" IS TRUE AS "clause.keen"
  FROM "lead1" AS "lead"
), "lead3" AS (
  SELECT
    "lead".*,
    "lead"."clause.big" AND "lead"."clause.keen" AND "lead"."f.stage" = 'open' AS "x1"
  FROM "lead2" AS "lead"
), "lead4" AS (
  SELECT
    "lead".*,
    CASE WHEN "lead"."x1" THEN 'sales' ELSE 'nurture' END AS "decide.handling",
    CASE WHEN NOT (
      "lead"."x1" IS FALSE
    ) THEN 1 ELSE 0 END + CASE WHEN NOT (
      "lead"."x1" IS TRUE
    ) THEN 1 ELSE 0 END AS "x4"
  FROM "lead3" AS "lead"
), "lead5" AS (
  SELECT
    "lead".*,
    "lead"."x4" > 1 AS "x5"
  FROM "lead4" AS "lead"
)
SELECT
  "lead"."id", /* the lead */
  "lead"."clause.big" AS "big", /* Fifty and more (some.mql:9) */
  "lead"."clause.keen" AS "keen", /* keen (some.mql:10) */
  "lead"."decide.handling" AS "handling", /* What next (some.mql:12) */
  "lead"."x4" <= 1 AS "handling.certain", /* What next: whether nothing that is missing could change it (some.mql:12) */
  list_filter(
    CAST([
      CASE WHEN NOT (
        "lead"."x1" IS FALSE
      ) THEN 'sales' END,
      CASE WHEN NOT (
        "lead"."x1" IS TRUE
      ) THEN 'nurture' END
    ] AS TEXT[]),
    LAMBDA "v" : NOT "v" IS NULL
  ) AS "handling.could_be", /* What next: all that it could be (some.mql:12) */
  CASE WHEN "lead"."x1" THEN CAST('2026-03-10 10:00:00' AS TIMESTAMP) END AS "handling.due_at", /* What next: due at, in UTC (some.mql:12) */
  CAST(NULL AS TEXT) AS "handling.team", /* What next: the team (some.mql:12) */
  CAST(NULL AS TEXT) AS "handling.because", /* What next: why (some.mql:12) */
  list_filter(
    CAST([
      CASE
        WHEN "lead"."x5"
        AND (
          NOT (
            "lead"."x1" IS FALSE
          )
        )
        AND "lead"."x1" IS NULL
        AND (
          NOT (
            "lead"."x1" IS TRUE
          )
        )
        AND "lead"."f.size" IS NULL
        THEN 'size'
      END,
      CASE
        WHEN "lead"."x5"
        AND (
          NOT (
            "lead"."x1" IS FALSE
          )
        )
        AND "lead"."x1" IS NULL
        AND (
          NOT (
            "lead"."x1" IS TRUE
          )
        )
        AND "lead"."f.stage" IS NULL
        THEN 'stage'
      END
    ] AS TEXT[]),
    LAMBDA "v" : NOT "v" IS NULL
  ) AS "handling.missing" /* What next: what would settle it (some.mql:12) */
FROM "lead5" AS "lead"
