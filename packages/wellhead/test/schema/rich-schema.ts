/** One of nearly everything, in SQL that Postgres 14 and the embedded one understand alike. */
export const richSchema = `
CREATE SCHEMA shop; CREATE SCHEMA "Odd Name";
COMMENT ON SCHEMA shop IS 'where things are sold';
DO $$ BEGIN CREATE ROLE shop_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE shop_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'glad');
CREATE TYPE shop.address AS (street text, city varchar(40), zip text COLLATE "C");
CREATE DOMAIN shop.percent AS numeric(5,2) DEFAULT 0 NOT NULL CONSTRAINT percent_range CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE shop.floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE SEQUENCE shop.ticket_number AS bigint START 1000 INCREMENT 5 CACHE 10 CYCLE;
CREATE FUNCTION shop.normal(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower(trim(value)) $$;
CREATE FUNCTION shop.normal(value text, extra integer DEFAULT 3) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = shop AS $fn$
BEGIN
  RETURN left(value, extra);
END $fn$;
CREATE FUNCTION shop.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n * 2;
CREATE PROCEDURE shop.noop() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE shop.product(integer) (sfunc = int4mul, stype = integer, initcond = '1');
CREATE TABLE shop.customer (
  id serial PRIMARY KEY,
  email varchar(256) NOT NULL CONSTRAINT customer_email_key UNIQUE,
  name text COLLATE "C" DEFAULT 'nobody',
  mood shop.mood DEFAULT 'ok',
  home shop.address,
  discount shop.percent,
  tags text[] DEFAULT '{}',
  note text,
  email_lower text GENERATED ALWAYS AS (lower(email)) STORED,
  born date CHECK (born > '1900-01-01')
) WITH (fillfactor = 70);
ALTER TABLE shop.customer ALTER COLUMN note SET STORAGE EXTERNAL, ALTER COLUMN note SET STATISTICS 200;
ALTER TABLE shop.customer ALTER COLUMN note SET (n_distinct = -0.5);
ALTER TABLE shop.customer ADD CONSTRAINT short_name CHECK (length(name) < 100) NOT VALID;
ALTER TABLE shop.customer OWNER TO shop_owner;
CREATE TABLE shop.purchase (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2),
  customer_id integer NOT NULL,
  item text NOT NULL,
  during tstzrange,
  placed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, item),
  CONSTRAINT purchase_customer FOREIGN KEY (customer_id) REFERENCES shop.customer ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT once UNIQUE (customer_id, item) INCLUDE (placed_at) DEFERRABLE,
  CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
);
ALTER TABLE shop.purchase REPLICA IDENTITY FULL;
CREATE INDEX purchase_item_idx ON shop.purchase (lower(item) text_pattern_ops DESC NULLS LAST) INCLUDE (placed_at) WHERE customer_id > 0;
CREATE UNIQUE INDEX customer_name_idx ON shop.customer (name, born);
ALTER TABLE shop.customer CLUSTER ON customer_name_idx;
CREATE STATISTICS shop.customer_stat (dependencies) ON name, born FROM shop.customer;
CREATE UNLOGGED TABLE public."Cache" ("Key" text PRIMARY KEY, value jsonb);
CREATE TABLE shop.base (a int, b int DEFAULT 5 CHECK (b > 0));
CREATE TABLE shop.child (c int) INHERITS (shop.base);
CREATE TABLE shop.event (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE shop.event_2024 PARTITION OF shop.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE shop.event_rest PARTITION OF shop.event DEFAULT;
CREATE INDEX event_at_idx ON shop.event (at);
CREATE TABLE shop.typed OF shop.address;
CREATE VIEW shop.glad AS SELECT c.id, c.email, p.item FROM shop.customer c JOIN shop.purchase p ON p.customer_id = c.id WHERE c.mood = 'glad';
CREATE VIEW shop.guarded WITH (security_barrier, check_option = local) AS SELECT customer.id, customer.name FROM shop.customer WHERE customer.id > 0;
ALTER VIEW shop.guarded ALTER COLUMN name SET DEFAULT 'from the view';
CREATE MATERIALIZED VIEW shop.totals AS SELECT p.customer_id, count(*) AS n FROM shop.purchase p GROUP BY p.customer_id;
CREATE UNIQUE INDEX totals_idx ON shop.totals (customer_id);
CREATE MATERIALIZED VIEW shop.empty_totals AS SELECT p.customer_id, p.item FROM shop.purchase p WITH NO DATA;
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := now()::text; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE OF name ON shop.customer FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.customer DISABLE TRIGGER touch;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON shop.purchase DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE RULE no_delete AS ON DELETE TO shop.base DO INSTEAD NOTHING;
ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY; ALTER TABLE shop.customer FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.customer AS RESTRICTIVE FOR UPDATE TO shop_reader, shop_owner USING (email = current_user) WITH CHECK (id > 0);
CREATE FUNCTION shop.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION shop.on_ddl();
ALTER EVENT TRIGGER watch DISABLE;
CREATE FUNCTION shop.to_number(mood shop.mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (shop.mood AS integer) WITH FUNCTION shop.to_number(shop.mood) AS ASSIGNMENT;
CREATE OPERATOR shop.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq, COMMUTATOR = OPERATOR(shop.===));
CREATE OPERATOR FAMILY shop.fam USING btree;
CREATE OPERATOR CLASS shop.text_class FOR TYPE text USING btree FAMILY shop.fam AS OPERATOR 3 shop.===(text, text), FUNCTION 1 bttextcmp(text, text);
CREATE COLLATION shop.plain (provider = libc, locale = 'C');
CREATE TEXT SEARCH DICTIONARY shop.dict (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION shop.search (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION shop.search ADD MAPPING FOR asciiword, word WITH shop.dict, simple;
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER away TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER far OPTIONS (host 'example.org', password 'hunter2');
CREATE USER MAPPING FOR shop_reader SERVER away OPTIONS (user 'me', password 'hunter2');
CREATE FOREIGN TABLE shop.remote (id int OPTIONS (column_name 'key'), label text) SERVER away OPTIONS (table_name 't');
CREATE PUBLICATION changes FOR TABLE shop.purchase, shop.base WITH (publish = 'insert, update');
GRANT SELECT, INSERT ON shop.purchase TO shop_reader; GRANT UPDATE (item) ON shop.purchase TO shop_reader WITH GRANT OPTION;
GRANT ALL ON shop.base TO shop_reader; GRANT USAGE ON SCHEMA shop TO public;
REVOKE EXECUTE ON FUNCTION shop.normal(text) FROM public; GRANT USAGE ON SEQUENCE shop.ticket_number TO shop_reader;
GRANT SELECT ON shop.child TO shop_reader; REVOKE SELECT ON shop.child FROM shop_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO shop_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM public;
COMMENT ON TABLE shop.customer IS 'who buys'; COMMENT ON COLUMN shop.customer.email IS 'in any case'; COMMENT ON CONSTRAINT once ON shop.purchase IS 'not twice';
COMMENT ON INDEX shop.purchase_item_idx IS 'for looking'; COMMENT ON FUNCTION shop.normal(text) IS 'tidy'; COMMENT ON TYPE shop.mood IS 'how it goes';
COMMENT ON TRIGGER touch ON shop.customer IS 'stamps'; COMMENT ON POLICY own ON shop.customer IS 'mine'; COMMENT ON VIEW shop.glad IS 'the glad ones';
CREATE TABLE "Odd Name"."Odd.Table" ("Odd ""Column""" int);
`;
