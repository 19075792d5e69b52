-- temp.page (rows of contact-search) -> stg_bp_contact.  Rerunnable.
INSERT INTO stg_history(record, id, replaced_at, payload, sha256)
SELECT 'bp_contact', c.id, unixepoch(), c.payload, c.sha256
  FROM temp.page p JOIN stg_bp_contact c ON c.id = whole(p.payload -> '$.contactId')
 WHERE c.sha256 <> sha256(p.payload);

INSERT INTO stg_bp_contact(id, payload, sha256, changed_run, email, is_staff, is_supplier, is_customer)
SELECT whole(payload -> '$.contactId'), payload, sha256(payload), (SELECT id FROM current_run),
       fold(payload ->> '$.primaryEmail'), flag(payload ->> '$.isStaff'),
       flag(payload ->> '$.isSupplier'), flag(payload ->> '$.isCustomer')
  FROM temp.page
 WHERE whole(payload -> '$.contactId') IS NOT NULL
    ON CONFLICT(id) DO UPDATE SET payload = excluded.payload, sha256 = excluded.sha256,
       changed_run = excluded.changed_run, email = excluded.email, is_staff = excluded.is_staff,
       is_supplier = excluded.is_supplier, is_customer = excluded.is_customer
 WHERE sha256 <> excluded.sha256;
