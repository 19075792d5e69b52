-- Tracking numbers to be sent, compared with what BigCommerce has now -> temp.compared(key, verdict,
-- shipment_id, why): done, send, or refuse.  Rerunnable.
DROP TABLE IF EXISTS temp.compared;
CREATE TEMP TABLE compared AS
SELECT t.key, t.shipment_id,
       CASE WHEN b.id IS NULL THEN 'refuse'
            WHEN b.tracking = t.body ->> '$.tracking_number'
                 AND (t.body ->> '$.comments' IS NULL OR b.payload ->> '$.comments' = t.body ->> '$.comments') THEN 'done'
            WHEN b.tracking IN ('', t.body ->> '$.tracking_number', t.sent ->> '$.tracking_number',
                                x.sent ->> '$.tracking_number') THEN 'send'
            ELSE 'refuse' END AS verdict,
       iif(b.id IS NULL, 'the shipment is not there any more', 'it has the tracking number ' || b.tracking
           || ', which did not come from Brightpearl') AS why
  FROM out_tracking t
  JOIN out_shipment x ON x.key = t.key
  LEFT JOIN stg_bc_shipment b ON b.id = t.shipment_id
 WHERE t.state IN ('pending', 'claimed');
