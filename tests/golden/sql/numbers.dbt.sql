{{ config(materialized='table') }}

-- Numbers alone version 1
-- labels and keys of companies count where they are written as in the definition

WITH "leads read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."id" AS VARCHAR), ' '), '') AS "id",
    CAST("r"."mql as_of" AS TIMESTAMPNTZ) AS "as_of",
    CASE
      WHEN ABS(CAST("r"."size" AS DOUBLE)) < CAST('inf' AS DOUBLE)
      THEN CAST("r"."size" AS DOUBLE)
    END AS "f.size",
    CASE TRIM(CAST("r"."stage" AS VARCHAR), ' ') WHEN 'open' THEN 'open' END AS "f.stage"
  FROM (
    SELECT
      *,
      '{{ var('as_of', run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }}' AS "mql as_of"
    FROM {{ source('mql', 'leads') }}
  ) AS "r"
  WHERE
    TRIM(CAST("r"."id" AS VARCHAR), ' ') <> ''
    AND (
      NOT (
        "r"."mql as_of" IS NULL
      )
    )
), "visit events read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."lead" AS VARCHAR), ' '), '') AS "lead",
    CAST("r"."at" AS TIMESTAMPNTZ) AS "at",
    CASE
      WHEN ABS(CAST("r"."seconds" AS DOUBLE)) < CAST('inf' AS DOUBLE)
      THEN CAST("r"."seconds" AS DOUBLE)
    END AS "f.seconds"
  FROM {{ source('mql', 'visit') }} AS "r"
), "lead0" AS (
  /* what is known of each lead */
  SELECT
    "source"."id",
    "source"."as_of",
    'lead ' || "source"."id" AS "household",
    "source"."f.size",
    "source"."f.stage"
  FROM "leads read" AS "source"
), "lead1" AS (
  SELECT
    "lead".*,
    "lead"."f.size" >= 50 AS "clause.big",
    CASE
      WHEN "lead"."as_of" < CAST('0001-01-08 00:00:00' AS TIMESTAMPNTZ)
      THEN CAST('0001-01-01 00:00:00' AS TIMESTAMPNTZ)
      ELSE DATEADD(MICROSECOND, (
        -604800000000
      ), "lead"."as_of")
    END AS "x1"
  FROM "lead0" AS "lead"
), "lead2_family1_rows" AS (
  SELECT
    "lead"."id",
    "lead"."as_of",
    "feed"."lead" AS "owner",
    'visit' AS "kind",
    "feed"."at",
    "feed"."f.seconds" AS "p.seconds",
    "lead"."x1" AS "l.x1"
  FROM "visit events read" AS "feed"
  JOIN "lead1" AS "lead"
    ON "lead"."id" = "feed"."lead"
  WHERE
    (
      NOT "feed"."lead" IS NULL
    )
    AND "feed"."at" <= "lead"."as_of"
    AND "feed"."f.seconds" > 5
    AND "feed"."at" > "lead"."x1"
), "lead2_family1" AS (
  SELECT
    "row"."id",
    "row"."as_of",
    COUNT_IF("row"."p.seconds" > 5 AND "row"."at" > "row"."l.x1") >= 2 AS "m2"
  FROM "lead2_family1_rows" AS "row"
  WHERE
    "row"."p.seconds" > 5 AND "row"."at" > "row"."l.x1"
  GROUP BY
    "row"."id",
    "row"."as_of"
), "lead2" AS (
  SELECT
    "lead".*,
    "family1"."m2"
  FROM "lead1" AS "lead"
  LEFT JOIN "lead2_family1" AS "family1"
    ON "lead"."id" = "family1"."id" AND "lead"."as_of" = "family1"."as_of"
), "lead3" AS (
  SELECT
    "lead".*,
    COALESCE("lead"."m2", FALSE) AS "clause.keen"
  FROM "lead2" AS "lead"
), "lead4" AS (
  SELECT
    "lead".*,
    "lead"."clause.big" AND "lead"."clause.keen" AND "lead"."f.stage" = 'open' AS "x2"
  FROM "lead3" AS "lead"
), "lead5" AS (
  SELECT
    "lead".*,
    CASE WHEN "lead"."x2" THEN 'sales' ELSE 'nurture' END AS "decide.handling",
    CASE WHEN NOT COALESCE(NOT "lead"."x2", FALSE) THEN 1 ELSE 0 END + CASE WHEN NOT COALESCE("lead"."x2", FALSE) THEN 1 ELSE 0 END AS "x5"
  FROM "lead4" AS "lead"
), "lead6" AS (
  SELECT
    "lead".*,
    "lead"."x5" > 1 AS "x6"
  FROM "lead5" AS "lead"
)
SELECT
  "lead"."id", /* the lead */
  "lead"."as_of", /* as of when it is judged */
  "lead"."clause.big" AS "big", /* Fifty and more (some.mql:9) */
  "lead"."clause.keen" AS "keen", /* keen (some.mql:10) */
  "lead"."decide.handling" AS "handling", /* What next (some.mql:12) */
  "lead"."x5" <= 1 AS "handling__certain", /* What next: whether nothing that is missing could change it (some.mql:12) */
  CASE WHEN NOT COALESCE(NOT "lead"."x2", FALSE) THEN 'sales' ELSE '' END || CASE
    WHEN NOT COALESCE("lead"."x2", FALSE)
    THEN CASE WHEN NOT COALESCE(NOT "lead"."x2", FALSE) THEN ', ' ELSE '' END || 'nurture'
    ELSE ''
  END AS "handling__could_be", /* What next: all that it could be (some.mql:12) */
  CASE
    WHEN "lead"."x2"
    THEN CASE
      WHEN "lead"."as_of" > CAST('9999-12-31 22:59:59.999999' AS TIMESTAMPNTZ)
      THEN CAST('9999-12-31 23:59:59.999999' AS TIMESTAMPNTZ)
      ELSE DATEADD(MICROSECOND, 3600000000, "lead"."as_of")
    END
  END AS "handling__due_at", /* What next: due at, in UTC (some.mql:12) */
  CAST(NULL AS VARCHAR) AS "handling__team", /* What next: the team (some.mql:12) */
  CAST(NULL AS VARCHAR) AS "handling__because", /* What next: why (some.mql:12) */
  CASE
    WHEN COALESCE(
      "lead"."x6"
      AND (
        NOT COALESCE(NOT "lead"."x2", FALSE)
      )
      AND "lead"."x2" IS NULL
      AND (
        NOT COALESCE("lead"."x2", FALSE)
      )
      AND "lead"."f.size" IS NULL,
      FALSE
    )
    THEN 'size'
    ELSE ''
  END || CASE
    WHEN COALESCE(
      "lead"."x6"
      AND (
        NOT COALESCE(NOT "lead"."x2", FALSE)
      )
      AND "lead"."x2" IS NULL
      AND (
        NOT COALESCE("lead"."x2", FALSE)
      )
      AND "lead"."f.stage" IS NULL,
      FALSE
    )
    THEN CASE
      WHEN COALESCE(
        "lead"."x6"
        AND (
          NOT COALESCE(NOT "lead"."x2", FALSE)
        )
        AND "lead"."x2" IS NULL
        AND (
          NOT COALESCE("lead"."x2", FALSE)
        )
        AND "lead"."f.size" IS NULL,
        FALSE
      )
      THEN ', '
      ELSE ''
    END || 'stage'
    ELSE ''
  END AS "handling__missing" /* What next: what would settle it (some.mql:12) */
FROM "lead6" AS "lead"
