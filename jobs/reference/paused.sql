-- What may mail shoppers and is not on yes any more begins anew when it is: what lies between is listed for
-- catch-up, not sent.  Not for a settings.csv that cannot be read, nor for what plan shows of one that says yes.
-- Rerunnable.
DROP TABLE IF EXISTS temp.paused;
CREATE TEMP TABLE paused AS
SELECT c.feed
  FROM cursor c
  JOIN setting s ON s.value <> 'yes' AND (c.feed, s.name) IN (
       VALUES ('fulfillment_yes', 'fulfillment.enabled'), ('statuses.to_bigcommerce.enabled', 'statuses.to_bigcommerce.enabled'))
 WHERE NOT EXISTS (SELECT 1 FROM map_complaint WHERE file = 'settings.csv' AND severity = 'complaint');

DELETE FROM cursor
 WHERE feed IN (SELECT feed FROM temp.paused)
    OR (feed = 'fulfillment_plan' AND EXISTS (SELECT 1 FROM temp.paused WHERE feed = 'fulfillment_yes'));
