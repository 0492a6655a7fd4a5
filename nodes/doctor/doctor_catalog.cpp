/// `darkroom doctor`: whether the catalog can be read and written.
#include "config/database_url.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/catalog/catalog_probe.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/schema.hpp"
#include "services/process/process_identity.hpp"
#include "services/redis/main_lease.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace darkroom {

namespace {

finding judge_schema(const catalog_facts& x) {
  auto text = "the tables have version " + std::to_string(x.schema);
  if (x.schema > schema_version())
    return {"catalog schema", health::fail,
            text + ", this Darkroom knows " + std::to_string(schema_version()),
            "run the newer Darkroom"};
  if (x.schema == schema_version())
    return {"catalog schema", health::ok, text, ""};
  if (!x.may_make_tables)
    return {"catalog schema", health::fail,
            text + ", and the role may not bring them to "
              + std::to_string(schema_version()),
            "GRANT CREATE ON SCHEMA to the role of the URL"};
  return {"catalog schema", health::ok,
          text + "; a main node brings them to "
            + std::to_string(schema_version()),
          ""};
}

finding judge_rights(const catalog_facts& x) {
  if (!x.is_writable)
    return {"catalog", health::fail, "'" + x.name + "' is read-only",
            "name the primary, not a replica"};
  if (!x.may_write)
    return {"catalog", health::fail,
            "the role may not write all tables of '" + x.name + "'",
            "GRANT SELECT, INSERT, UPDATE on them to the role of the URL"};
  return {"catalog", health::ok,
          "'" + x.name + "' is writable, PostgreSQL " + x.version, ""};
}

/// One finding per thing that does not fit, with the SQL that would help.
findings check_app(const catalog_settings& catalog) {
  auto misfits = probe_app_tables(catalog);
  if (!misfits)
    return {{"web tier's tables", health::fail, misfits.error().context,
             "correct [catalog] database: docs/web-tier.md"}};
  findings out;
  for (const auto& x : *misfits)
    out.push_back({"web tier's tables", health::fail, x.what, x.sql});
  if (out.empty())
    out.push_back({"web tier's tables", health::ok,
                   "each column is there and has a type that fits", ""});
  return out;
}

findings check_server(const catalog_settings& catalog) {
  auto facts = probe_postgres(catalog);
  if (!facts)
    return {{"catalog", health::fail, facts.error().context,
             "start the server, or correct DATABASE_URL; docs/catalog.md"}};
  findings out{judge_rights(*facts), judge_schema(*facts)};
  if (facts->encoding != "UTF8")
    out.push_back({"catalog encoding", health::fail,
                   "the database's encoding is " + facts->encoding,
                   "create it again with ENCODING 'UTF8'"});
  if (!facts->is_durable)
    out.push_back({"catalog durability", health::warn,
                   "fsync or synchronous_commit is off: rows of jobs that are "
                   "done may be lost with the server",
                   "turn both on"});
  return out;
}

/// Whether the process certainly runs on another machine, and not only in
/// another container.
bool is_elsewhere(const process_identity& x) {
  auto kernel = [](const std::string& machine) {
    return machine.substr(0, machine.find(' '));
  };
  return !x.machine.empty()
         && kernel(x.machine) != kernel(this_process().machine);
}

/// The web tier's file, which only the web tier makes.
findings check_app_file(const std::string& path) {
  if (::access(path.c_str(), R_OK | W_OK) != 0)
    return {{"catalog", health::fail,
             "'" + path + "' cannot be written: " + std::strerror(errno),
             "name the web tier's database: [catalog] database"}};
  return {{"catalog", health::ok, "'" + path + "' is writable", ""}};
}

findings check_file(const catalog_settings& catalog) {
  std::error_code ignored;
  const auto& path = catalog.database;
  if (!std::filesystem::exists(path, ignored))
    return {judge_absent("catalog", path)};
  auto opened = catalog_reader::open(catalog);
  if (!opened)
    return {{"catalog", health::fail, opened.error().context,
             "give it to the user that runs darkroom, or set [catalog] "
             "database"}};
  if (::access(path.c_str(), W_OK) != 0)
    return {{"catalog", health::fail,
             "'" + path + "' cannot be written: " + std::strerror(errno),
             "give it to the user that runs darkroom"}};
  return {{"catalog", health::ok, "'" + path + "' opens", ""}};
}

} // namespace

findings check_catalog(const settings& config) {
  if (config.catalog.tables == "off")
    return {
      {"catalog", health::ok, "there is none: [catalog] tables = off", ""}};
  auto is_server = is_postgres_url(config.catalog.database);
  auto is_adopted = config.catalog.tables == "adopt";
  auto out = is_server    ? check_server(config.catalog)
             : is_adopted ? check_app_file(config.catalog.database)
                          : check_file(config.catalog);
  if (is_adopted && out.front().level != health::fail)
    for (auto& x : check_app(config.catalog))
      out.push_back(std::move(x));
  if (is_server)
    return out;
  auto active = find_active_main(config.redis, config.queue);
  if (active && is_elsewhere(active->process))
    out.push_back({"catalog", health::warn,
                   "the active main node, '" + active->node
                     + "', runs on another machine, and has another file",
                   "put the catalog into PostgreSQL: docs/catalog.md"});
  return out;
}

} // namespace darkroom
