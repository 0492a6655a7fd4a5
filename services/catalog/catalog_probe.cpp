#include "services/catalog/catalog_probe.hpp"

#include "config/database_url.hpp"
#include "services/catalog/app_mirror.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/schema.hpp"

namespace darkroom {

namespace {

constexpr auto ask_server
  = "SELECT current_setting('server_version'), "
    "current_setting('server_encoding'), "
    "(NOT pg_is_in_recovery() "
    "AND current_setting('default_transaction_read_only') = 'off')::int, "
    "COALESCE(has_schema_privilege(current_schema(), 'CREATE'), "
    "has_database_privilege(current_database(), 'CREATE'))::int, "
    "(current_setting('fsync') = 'on' "
    "AND current_setting('synchronous_commit') <> 'off')::int";

/// Whether the role may write all of our tables.
constexpr auto ask_tables
  = "SELECT COALESCE(bool_and(has_table_privilege(c.oid, 'SELECT') "
    "AND has_table_privilege(c.oid, 'INSERT') "
    "AND has_table_privilege(c.oid, 'UPDATE') "
    "AND has_table_privilege(c.oid, 'DELETE')), TRUE)::int "
    "FROM pg_class AS c WHERE c.oid IN (to_regclass('images'), "
    "to_regclass('image_parts'), to_regclass('image_metadata'), "
    "to_regclass('image_variants'), to_regclass('embeddings'), "
    "to_regclass('image_bytes'), to_regclass('job_outbox'), "
    "to_regclass('upload_keys'), to_regclass('deleted_images'), "
    "to_regclass('upload_key_images'), to_regclass('upload_files'), "
    "to_regclass('image_marks'), to_regclass('search_state'), "
    "to_regclass('vector_changes'), to_regclass('image_words'))";

/// For connections that do not migrate tables.
status refuse_newer(database& db) {
  if (auto ours = check_ours(db); !ours)
    return ours;
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  return check_not_newer(db, *version);
}

status try_postgres(const catalog_settings& cfg) {
  auto facts = probe_postgres(cfg);
  if (!facts)
    return std::move(facts.error());
  auto name = "catalog '" + facts->name + "' ";
  if (!facts->is_writable)
    return fail(ec::catalog_failed,
                name + "is read-only: name the primary, not a replica");
  if (!facts->may_write)
    return fail(ec::catalog_failed,
                name
                  + "does not let this role write all tables: GRANT SELECT, "
                    "INSERT, UPDATE on them");
  if (facts->schema < schema_version() && !facts->may_make_tables)
    return fail(ec::catalog_failed,
                name
                  + "has older tables, which this role may not bring up to "
                    "date: GRANT CREATE ON SCHEMA to it");
  return ok;
}

} // namespace

status try_catalog(const catalog_settings& cfg) {
  if (cfg.tables == "off")
    return ok;
  auto db = database::open(cfg, access::read_write, refuse_newer);
  if (!db)
    return std::move(db.error());
  if (auto fits = app_mirror{cfg}.check(*db); !fits)
    return fits;
  if (is_postgres_url(cfg.database))
    return try_postgres(cfg);
  return ok;
}

result<std::vector<app_misfit>> probe_app_tables(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_only, nullptr);
  if (!db)
    return std::move(db.error());
  auto tables = read_app_tables(*db, cfg);
  if (!tables)
    return std::move(tables.error());
  return find_misfits(*tables);
}

result<catalog_facts> probe_postgres(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_only, nullptr);
  if (!db)
    return std::move(db.error());
  auto server = db->prepare(ask_server);
  if (!server)
    return std::move(server.error());
  if (auto row = server->step(); !row)
    return std::move(row.error());
  auto tables = db->prepare(ask_tables);
  if (!tables)
    return std::move(tables.error());
  if (auto row = tables->step(); !row)
    return std::move(row.error());
  if (auto ours = check_ours(*db); !ours)
    return std::move(ours.error());
  auto version = stored_version(*db);
  if (!version)
    return std::move(version.error());
  catalog_facts out;
  out.name = db->name();
  out.version = server->text(0).substr(0, server->text(0).find(' '));
  out.encoding = server->text(1);
  out.is_writable = server->integer(2) != 0;
  out.may_make_tables = server->integer(3) != 0;
  out.is_durable = server->integer(4) != 0;
  out.may_write = tables->integer(0) != 0;
  out.schema = *version;
  return out;
}

} // namespace darkroom
