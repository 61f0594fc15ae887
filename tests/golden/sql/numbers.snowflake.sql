-- Numbers alone version 1
-- as of 2026-03-10 09:00:00 UTC
-- labels and keys of companies count where they are written as in the definition

WITH "leads read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."id" AS VARCHAR), ' '), '') AS "id",
    CASE
      WHEN ABS(CAST("r"."size" AS DOUBLE)) < CAST('inf' AS DOUBLE)
      THEN CAST("r"."size" AS DOUBLE)
    END AS "f.size",
    CASE TRIM(CAST("r"."stage" AS VARCHAR), ' ') WHEN 'open' THEN 'open' END AS "f.stage"
  FROM "leads" AS "r"
  WHERE
    TRIM(CAST("r"."id" AS VARCHAR), ' ') <> ''
), "visit events read" AS (
  SELECT
    NULLIF(TRIM(CAST("r"."lead" AS VARCHAR), ' '), '') AS "lead",
    CAST("r"."at" AS TIMESTAMPNTZ) AS "at",
    CASE
      WHEN ABS(CAST("r"."seconds" AS DOUBLE)) < CAST('inf' AS DOUBLE)
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
    AND "feed"."at" <= CAST('2026-03-10 09:00:00' AS TIMESTAMPNTZ)
    AND "feed"."at" > CAST('2026-03-03 09:00:00' AS TIMESTAMPNTZ)
    AND "feed"."f.seconds" > 5
), "lead1_family1" AS (
  SELECT
    "row"."id",
    COUNT_IF("row"."d.seconds" > 5) >= 2 AS "m2"
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
    COALESCE("lead"."m2", FALSE) AS "clause.keen"
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
    CASE WHEN NOT COALESCE(NOT "lead"."x1", FALSE) THEN 1 ELSE 0 END + CASE WHEN NOT COALESCE("lead"."x1", FALSE) THEN 1 ELSE 0 END AS "x4"
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
  "lead"."x4" <= 1 AS "handling__certain", /* What next: whether nothing that is missing could change it (some.mql:12) */
  CASE WHEN NOT COALESCE(NOT "lead"."x1", FALSE) THEN 'sales' ELSE '' END || CASE
    WHEN NOT COALESCE("lead"."x1", FALSE)
    THEN CASE WHEN NOT COALESCE(NOT "lead"."x1", FALSE) THEN ', ' ELSE '' END || 'nurture'
    ELSE ''
  END AS "handling__could_be", /* What next: all that it could be (some.mql:12) */
  CASE WHEN "lead"."x1" THEN CAST('2026-03-10 10:00:00' AS TIMESTAMPNTZ) END AS "handling__due_at", /* What next: due at, in UTC (some.mql:12) */
  CAST(NULL AS VARCHAR) AS "handling__team", /* What next: the team (some.mql:12) */
  CAST(NULL AS VARCHAR) AS "handling__because", /* What next: why (some.mql:12) */
  CASE
    WHEN COALESCE(
      "lead"."x5"
      AND (
        NOT COALESCE(NOT "lead"."x1", FALSE)
      )
      AND "lead"."x1" IS NULL
      AND (
        NOT COALESCE("lead"."x1", FALSE)
      )
      AND "lead"."f.size" IS NULL,
      FALSE
    )
    THEN 'size'
    ELSE ''
  END || CASE
    WHEN COALESCE(
      "lead"."x5"
      AND (
        NOT COALESCE(NOT "lead"."x1", FALSE)
      )
      AND "lead"."x1" IS NULL
      AND (
        NOT COALESCE("lead"."x1", FALSE)
      )
      AND "lead"."f.stage" IS NULL,
      FALSE
    )
    THEN CASE
      WHEN COALESCE(
        "lead"."x5"
        AND (
          NOT COALESCE(NOT "lead"."x1", FALSE)
        )
        AND "lead"."x1" IS NULL
        AND (
          NOT COALESCE("lead"."x1", FALSE)
        )
        AND "lead"."f.size" IS NULL,
        FALSE
      )
      THEN ', '
      ELSE ''
    END || 'stage'
    ELSE ''
  END AS "handling__missing" /* What next: what would settle it (some.mql:12) */
FROM "lead5" AS "lead"
