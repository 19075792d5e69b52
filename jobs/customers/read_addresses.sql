-- temp.page (postal addresses as received) -> stg_bp_contact_data.address, in the shape in which
-- out_customer.body has one.
UPDATE stg_bp_contact_data
   SET address = a.address, address_own = coalesce(a.contact_id, stg_bp_contact_data.id) = stg_bp_contact_data.id
  FROM (SELECT whole(payload -> '$.addressId') AS id, nullif(whole(payload -> '$.contactId'), 0) AS contact_id, json_patch('{}', json_object(
               'addressLine1', nullif(trim(payload ->> '$.addressLine1'), ''),
               'addressLine2', nullif(trim(payload ->> '$.addressLine2'), ''),
               'addressLine3', nullif(trim(payload ->> '$.addressLine3'), ''),
               'addressLine4', nullif(trim(payload ->> '$.addressLine4'), ''),
               'postalCode', nullif(trim(payload ->> '$.postalCode'), ''),
               'countryIsoCode', iso3(payload ->> '$.countryIsoCode', NULL))) AS address
          FROM temp.page) a
 WHERE a.id = stg_bp_contact_data.address_id AND a.id IN (SELECT id FROM temp.asked);

DELETE FROM temp.address_to_read WHERE address_id IN (SELECT id FROM temp.asked);
