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
), "lead0" AS (
  /* what is known of each lead */
  SELECT
    "source"."id",
    'lead ' || "source"."id" AS "household",
    "source"."f.size",
    "source"."f.stage"
  FROM "leads read" AS "source"
), "lead1_family1_rows" AS (
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
    AND TRUE
    AND (
      "feed"."f.seconds" > 5
    ) IS TRUE
), "lead1_family1" AS (
  SELECT
    "row"."id",
    CAST(COALESCE(
      countif(
        TRUE
        AND (
          "row"."d.seconds" > 5
        ) IS TRUE
        AND "row"."at" > CAST('2026-03-03 09:00:00' AS TIMESTAMP)
      ),
      0
    ) AS BIGINT) AS "m1"
  FROM "lead1_family1_rows" AS "row"
  WHERE
    TRUE
    AND (
      "row"."d.seconds" > 5
    ) IS TRUE
    AND "row"."at" > CAST('2026-03-03 09:00:00' AS TIMESTAMP)
  GROUP BY
    "row"."id"
), "lead1" AS (
  SELECT
    "lead".*,
    "family1"."m1",
    "lead"."f.size" >= 50 AS "clause.big"
  FROM "lead0" AS "lead"
  LEFT JOIN "lead1_family1" AS "family1"
    ON "lead"."id" = "family1"."id"
), "lead2" AS (
  SELECT
    "lead".*,
    COALESCE("lead"."m1", 0) >= 2 AS "clause.keen"
  FROM "lead1" AS "lead"
), "lead3" AS (
  SELECT
    "lead".*,
    "lead"."clause.big" AND "lead"."clause.keen" AND "lead"."f.stage" = 'open' AS "x1"
  FROM "lead2" AS "lead"
), "lead4" AS (
  SELECT
    "lead".*,
    CASE WHEN "lead"."x1" IS TRUE THEN 1 ELSE 2 END AS "row.handling",
    CASE WHEN "lead"."x1" IS TRUE THEN 'sales' ELSE 'nurture' END AS "decide.handling",
    NOT (
      "lead"."x1" IS FALSE
    ) AS "x2",
    NOT (
      "lead"."x1" IS TRUE
    ) AS "x3",
    "lead"."x1" IS NULL AS "x5"
  FROM "lead3" AS "lead"
), "lead5" AS (
  SELECT
    "lead".*,
    (
      CASE WHEN "lead"."x2" THEN 1 ELSE 0 END + CASE WHEN "lead"."x3" THEN 1 ELSE 0 END
    ) > 1 AS "x4"
  FROM "lead4" AS "lead"
)
SELECT
  "lead"."id", /* the lead */
  "lead"."clause.big" AS "big", /* Fifty and more (some.mql:9) */
  "lead"."clause.keen" AS "keen", /* keen (some.mql:10) */
  "lead"."decide.handling" AS "handling", /* What next (some.mql:12) */
  NOT "lead"."x4" AS "handling.certain", /* What next: whether nothing that is missing could change it (some.mql:12) */
  list_filter(
    CAST([CASE WHEN "lead"."x2" THEN 'sales' END, CASE WHEN "lead"."x3" THEN 'nurture' END] AS TEXT[]),
    LAMBDA "v" : NOT "v" IS NULL
  ) AS "handling.could_be", /* What next: all that it could be (some.mql:12) */
  CASE WHEN "lead"."x1" IS TRUE THEN CAST('2026-03-10 10:00:00' AS TIMESTAMP) END AS "handling.due_at", /* What next: due at, in UTC (some.mql:12) */
  CAST(NULL AS TEXT) AS "handling.team", /* What next: the team (some.mql:12) */
  CAST(NULL AS TEXT) AS "handling.because", /* What next: why (some.mql:12) */
  list_filter(
    CAST([
      CASE
        WHEN "lead"."x4"
        AND "lead"."x2"
        AND "lead"."x1" IS NULL
        AND "lead"."x3"
        AND "lead"."x5"
        AND "lead"."clause.big" IS NULL
        AND "lead"."f.size" IS NULL
        AND (
          (
            NOT "lead"."f.size" IS NULL
          ) OR "lead"."f.size" IS NULL
        )
        THEN 'size'
      END,
      CASE
        WHEN "lead"."x4"
        AND "lead"."x2"
        AND "lead"."x1" IS NULL
        AND "lead"."x3"
        AND "lead"."x5"
        AND "lead"."f.stage" IS NULL
        AND (
          (
            NOT "lead"."f.stage" IS NULL
          ) OR "lead"."f.stage" IS NULL
        )
        THEN 'stage'
      END
    ] AS TEXT[]),
    LAMBDA "v" : NOT "v" IS NULL
  ) AS "handling.missing" /* What next: what would settle it (some.mql:12) */
FROM "lead5" AS "lead"
