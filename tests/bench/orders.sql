-- Orders number %(first)s to %(last)s with case, budget, contact, visit and two events each. A tenth
-- of them are the first landlord's, whose pages are measured; number n was made n minutes ago.

CREATE TEMP TABLE bench_draw ON COMMIT DROP AS
SELECT draw.n, c.landlord_id, c.contractor_id, c.id AS contract_id, u.id AS unit_id, u.tenant_id,
       u.address, u.name, u.u, uuidv7(-draw.n * interval '1 minute') AS id,
       uuidv7(-draw.n * interval '1 minute') AS case_id,
       now() - draw.n * interval '1 minute' AS made, luck,
       CASE WHEN luck < 70 THEN 'done' WHEN luck < 80 THEN 'cancelled' WHEN luck < 83 THEN 'issued'
            WHEN luck < 85 THEN 'returned' WHEN luck < 86 THEN 'declined'
            WHEN luck < 96 THEN 'accepted' WHEN luck < 98 THEN 'partly_done'
            WHEN luck < 99 THEN 'draft' ELSE 'pending_approval' END AS state,
       (ARRAY['plomberie', 'electricite', 'menuiserie', 'peinture', 'serrurerie', 'vitrerie',
              'chauffage'])[1 + draw.n %% 7] AS trade,
       (ARRAY['Fuite sous l''évier', 'Chasse d''eau qui coule', 'Prise arrachée', 'Volet bloqué',
              'Porte palière à régler', 'Vitre fêlée', 'Radiateur froid', 'Robinet à changer',
              'Siphon bouché', 'Interrupteur cassé', 'Plafond à repeindre', 'Serrure grippée',
              'VMC en panne', 'Joint de baignoire', 'Parquet soulevé', 'Chaudière à l''arrêt'])
         [1 + luck2 %% 16] || (ARRAY['', ' dans la cuisine', ' dans la chambre', ' au salon',
              ' dans la salle d''eau', ' côté cour'])[1 + luck2 / 16 %% 6] AS title
  FROM (SELECT n, abs(hashint8extended(n, 1)) %% 100 AS luck,
               (abs(hashint8extended(n, 2)) %% 1000)::int AS luck2,
               CASE WHEN n %% 10 = 0 THEN 0 ELSE 1 + abs(hashint8extended(n, 3)) %% 49 END AS landlord
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS draw
  JOIN bench_contract c ON c.landlord = draw.landlord AND c.k = abs(hashint8extended(draw.n, 4)) %% 4
  JOIN bench_unit u ON u.landlord = draw.landlord
       AND u.n = abs(hashint8extended(draw.n, 5)) %% CASE draw.landlord WHEN 0 THEN 2000 ELSE 200 END;

INSERT INTO core_case (id, created_at, landlord_id, tenant_id, unit_id, reference, title)
SELECT case_id, made, landlord_id, tenant_id, unit_id, 'X' || n, title FROM bench_draw;

INSERT INTO orders_order
  (id, created_at, landlord_id, contractor_id, tenant_id, reader_case_id, reference,
   external_number, case_id, unit_id, contract_id, author_id, department, nature, priority,
   trade_id, title, description, target_date, place_name, place_address, place_city, place_unit,
   place_entrance, place_floor, place_door, has_phone, has_access, asbestos, asbestos_measures,
   state, returned_items, return_note, decline_reason, cancel_reason, next_step, reopened,
   issued_at, accepted_at, done_at, closed_at, state_since, version)
SELECT id, made, landlord_id,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE contractor_id END,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE tenant_id END,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE case_id END,
       'X' || n, '', case_id, unit_id, contract_id, %(author)s::uuid, 'patrimoine', 'maintenance',
       CASE WHEN luck %% 20 = 0 THEN 'urgent' ELSE 'normal' END, trade, title,
       'Signalé par le locataire, à traiter dans le délai du marché.',
       (made + interval '21 days')::date, name, address, '75019 Paris', 'Logement ' || u, 'A',
       u / 4, 'G', true, true, 'no_material', '', state, '{}', '', '', '', '', 0,
       made, made, CASE state WHEN 'done' THEN made END, CASE state WHEN 'cancelled' THEN made END,
       made, 2
  FROM bench_draw;

INSERT INTO orders_orderbudget
  (id, created_at, landlord_id, contractor_id, order_id, total_without_vat, total_vat,
   total_with_vat, currency, commitment_number, service_code)
SELECT uuidv7(-n * interval '1 minute'), made, landlord_id,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE contractor_id END,
       id, 100 + luck, 10, 110 + luck, 'EUR', '', ''
  FROM bench_draw;

INSERT INTO orders_ordercontact
  (id, created_at, landlord_id, order_id, name, phone, second_phone, email, access, access_code)
SELECT uuidv7(-n * interval '1 minute'), made, landlord_id, id, 'Locataire', '+33600000000', '',
       '', '{}', ''
  FROM bench_draw;

INSERT INTO orders_visit
  (id, created_at, landlord_id, contractor_id, tenant_id, reader_case_id, order_id, number, state,
   window_start, window_end, technician_first_name, call_noted, report, reason, version)
SELECT uuidv7(-n * interval '1 minute'), made, landlord_id, contractor_id, tenant_id, case_id, id,
       1,
       CASE WHEN state = 'done' THEN 'done' WHEN state = 'partly_done' THEN 'partly_done'
            WHEN n %% 3 = 0 THEN 'proposed' WHEN n %% 50 = 1 THEN 'on_the_way'
            WHEN n %% 50 = 2 THEN 'on_site' ELSE 'confirmed' END,
       made + interval '2 days', made + interval '50 hours', 'Karim', false, '', '', 1
  FROM bench_draw
 WHERE state IN ('done', 'partly_done') OR state = 'accepted' AND n %% 4 > 0;

INSERT INTO core_event
  (id, created_at, landlord_id, contractor_id, tenant_id, reader_case_id, kind, version,
   subject_type, subject_id, order_id, case_id, actor_side, actor_organisation_id, on_behalf_of,
   payload, happened_at, recorded_at, channel)
SELECT uuidv7(-n * interval '1 minute'), made, landlord_id,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE contractor_id END,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE tenant_id END,
       CASE WHEN state IN ('draft', 'pending_approval') THEN NULL ELSE case_id END,
       kind, 1, 'order', id, id, case_id, side, landlord_id, '', '{}', made, made, 'web'
  FROM bench_draw
 CROSS JOIN (VALUES ('order.drafted', 'landlord'), ('order.accepted', 'contractor'))
       AS each (kind, side);
