-- temp.listed, what BigCommerce listed -> temp.shown: what it shows of each item at each location; an
-- item that is not there is not known.  Rerunnable.
--
-- Stock that is kept by product is listed under the product, by its only variant, or by all of its
-- variants alike; where they differ nobody knows it.
DROP TABLE IF EXISTS temp.shown;
CREATE TEMP TABLE shown AS
SELECT product_id, variant_id, location_id, on_hand FROM temp.listed WHERE variant_id > 0 AND on_hand IS NOT NULL
UNION ALL
SELECT product_id, 0, location_id,
       coalesce(max(on_hand) FILTER (WHERE variant_id = 0), iif(min(on_hand) = max(on_hand), max(on_hand), NULL))
  FROM temp.listed WHERE on_hand IS NOT NULL GROUP BY product_id, location_id;
DELETE FROM temp.shown WHERE on_hand IS NULL;
CREATE INDEX temp.shown_item ON shown(product_id, variant_id, location_id);
