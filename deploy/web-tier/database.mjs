// The web tier's own database: DATABASE_URL is a file: URL or one of PostgreSQL.
import { createClient } from '@libsql/client';
import { drizzle as onSqlite } from 'drizzle-orm/libsql';
import { drizzle as onPostgres } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as postgres from './schema_postgres.mjs';
import * as sqlite from './schema_sqlite.mjs';

const url = process.env.DATABASE_URL || 'file:app.db';
const isServer = /^postgres(ql)?:/.test(url);

export const { images, imageMetadata, imageVariants } = isServer ? postgres : sqlite;

async function openPostgres() {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(postgres.tables);
  return onPostgres(pool);
}

async function openSqlite() {
  const client = createClient({ url });
  await client.execute('PRAGMA journal_mode = WAL');
  await client.execute('PRAGMA busy_timeout = 5000');
  await client.executeMultiple(sqlite.tables);
  return onSqlite(client);
}

export const db = await (isServer ? openPostgres() : openSqlite());
