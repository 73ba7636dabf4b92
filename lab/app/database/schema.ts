/**
 * The tables. `orders` says once what was ordered; `ledger` has a row for each time an order was processed, and no
 * unique key, so that processing twice leaves a trace.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS users (
  id integer PRIMARY KEY,
  password_hash text NOT NULL
);
CREATE TABLE IF NOT EXISTS products (
  id integer PRIMARY KEY,
  version integer NOT NULL DEFAULT 1,
  name text NOT NULL,
  price_cents integer NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
  id bigint PRIMARY KEY,
  product integer NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  instance text NOT NULL
);
CREATE TABLE IF NOT EXISTS ledger (
  entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  instance text NOT NULL,
  how text NOT NULL
);
CREATE INDEX IF NOT EXISTS ledger_order ON ledger (order_id);
CREATE TABLE IF NOT EXISTS turns (
  conversation bigint NOT NULL,
  turn integer NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (conversation, turn)
);
`;
