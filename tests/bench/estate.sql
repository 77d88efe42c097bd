-- Landlords, contractors, contracts, dwellings and tenants around the two organisations of the
-- scene (:landlord, :contractor). Run once, as the owner of the tables.

CREATE TEMP TABLE bench_landlord AS
  SELECT 0 AS n, %(landlord)s::uuid AS id, 'rivage' AS slug
  UNION ALL
  SELECT n, uuidv7(), 'bailleur-' || n FROM generate_series(1, 49) AS n;

CREATE TEMP TABLE bench_contractor AS
  SELECT 0 AS n, %(contractor)s::uuid AS id, 'lutece' AS slug
  UNION ALL
  SELECT n, uuidv7(), 'entreprise-' || n FROM generate_series(1, 19) AS n;

INSERT INTO core_organisation
  (id, created_at, kind, legal_form, name, aliases, slug, siret, phone, email, colour, is_active)
SELECT id, now(), 'landlord', 'oph', 'Habitat ' || slug, '[]'::jsonb, slug, '', '', '', '', true
  FROM bench_landlord WHERE n > 0
UNION ALL
SELECT id, now(), 'contractor', 'company', 'Travaux ' || slug, '[]'::jsonb, slug, '', '', '', '', true
  FROM bench_contractor WHERE n > 0;

INSERT INTO orders_trade (code, label, icon) VALUES
  ('electricite', 'Électricité', 'tool'), ('menuiserie', 'Menuiserie', 'tool'),
  ('peinture', 'Peinture', 'tool'), ('serrurerie', 'Serrurerie', 'tool'),
  ('vitrerie', 'Vitrerie', 'tool'), ('chauffage', 'Chauffage', 'tool')
ON CONFLICT DO NOTHING;

-- Four contracts a landlord; the scene's contractor has one with each.
CREATE TABLE bench_contract AS
  SELECT l.n AS landlord, k, uuidv7() AS id, l.id AS landlord_id, c.id AS contractor_id
    FROM bench_landlord l
   CROSS JOIN generate_series(0, 3) AS k
    JOIN bench_contractor c ON c.n = CASE k WHEN 0 THEN 0 ELSE 1 + (l.n * 3 + k) %% 19 END;

INSERT INTO core_partnership (id, created_at, landlord_id, contractor_id)
SELECT uuidv7(), now(), landlord_id, contractor_id FROM bench_contract
ON CONFLICT DO NOTHING;

INSERT INTO orders_contract
  (id, created_at, landlord_id, contractor_id, number, title, trades, starts_on, ends_on, ceiling,
   needs_commitment, target_days, urgent_hours)
SELECT id, now(), landlord_id, contractor_id, '2026-LOT-' || k, 'Entretien courant, lot ' || k,
       '{plomberie,electricite,menuiserie,peinture,serrurerie,vitrerie,chauffage}',
       '2020-01-01', '2040-12-31', NULL, false, 15, 24
  FROM bench_contract;

CREATE TEMP TABLE bench_group AS
  SELECT uuidv7() AS id, l.n AS landlord, l.id AS landlord_id, g,
         (1 + (l.n * 31 + g * 7) %% 180) || ' '
         || (ARRAY['rue des Lilas', 'avenue de Flandre', 'rue de Crimée', 'boulevard Ney',
                   'rue Marx Dormoy', 'quai de la Marne', 'rue de l''Évangile', 'allée Darius'])
            [1 + (l.n + g) %% 8] AS address
    FROM bench_landlord l
   CROSS JOIN generate_series(1, 100) AS g
   WHERE l.n = 0 OR g <= 10;

INSERT INTO core_group
  (id, created_at, landlord_id, source_key, identifier, name, address, raw_address, postcode, city,
   nature, dwellings, time_zone)
SELECT id, now(), landlord_id, '', 'G' || g, 'Résidence ' || g, address, '', '75019', 'Paris',
       '', 20, 'Europe/Paris'
  FROM bench_group;

-- Dwellings are numbered from 0 within their landlord: 2 000 of the first, 200 of the others.
CREATE TABLE bench_unit AS
  SELECT g.landlord, row_number() OVER (PARTITION BY g.landlord ORDER BY g.g, u) - 1 AS n,
         uuidv7() AS id, uuidv7() AS tenant_id, g.landlord_id, g.id AS group_id, g.address,
         'Résidence ' || g.g AS name, u
    FROM bench_group g CROSS JOIN generate_series(1, 20) AS u;
CREATE UNIQUE INDEX ON bench_unit (landlord, n);

INSERT INTO core_unit
  (id, created_at, landlord_id, group_id, kind, number, entrance, floor, door, is_placeholder)
SELECT id, now(), landlord_id, group_id, 'dwelling', u, 'A', u / 4, 'G', false FROM bench_unit;

INSERT INTO core_tenant
  (id, created_at, landlord_id, first_name, last_name, phone, email, language)
SELECT tenant_id, now(), landlord_id, 'Locataire', 'Numéro ' || u, '+33600000000', '', 'fr'
  FROM bench_unit;

INSERT INTO core_occupancy (id, created_at, landlord_id, unit_id, tenant_id, starts_on)
SELECT uuidv7(), now(), landlord_id, id, tenant_id, '2015-01-01' FROM bench_unit;
