#include "services/catalog/app_values.hpp"

#include "services/catalog/migrations.hpp"

namespace darkroom {

namespace {

std::string cast(const std::string& from, const std::string& type) {
  return "CAST(" + from + " AS " + type + ")";
}

/// `from`, in ms, as a number of seconds if `made_at` is one: the web tier may
/// count in either. 10^11 ms are in 1973, and 10^11 s in the year 5138.
std::string in_unit_of(const std::string& made_at, const std::string& is_number,
                       const std::string& from) {
  return "CASE WHEN " + is_number + made_at + " < 100000000000 THEN " + from
         + " / 1000 ELSE " + from + " END";
}

/// As JavaScript's toISOString writes it.
std::string sqlite_iso(const std::string& from) {
  return "strftime('%Y-%m-%dT%H:%M:%fZ', " + from + " / 1000.0, 'unixepoch')";
}

} // namespace

app_values::app_values(const app_tables& all) : all_(all) {
  const auto* made = all.find("images", "created_at");
  const auto* id = all.find("images", "id");
  if (made != nullptr && id != nullptr)
    made_at_ = "(SELECT r." + quoted_name(made->name) + " FROM "
               + all.table("images").name + " AS r WHERE r."
               + quoted_name(id->name) + " = " + key(*id) + ")";
}

std::string app_values::key(const app_column& x) const {
  // Also where it is a text: in PostgreSQL a parameter has one type.
  auto text = cast("$1", "TEXT");
  return x.kind == app_kind::text ? text
         : all_.is_postgres       ? cast(text, x.type)
                                  : cast(text, "INTEGER");
}

std::string app_values::new_id(const app_column& x) const {
  if (all_.is_postgres)
    return x.kind == app_kind::text ? cast("gen_random_uuid()", "TEXT")
                                    : "gen_random_uuid()";
  return "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
         "substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + "
         "(random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || "
         "hex(randomblob(6)))";
}

std::string app_values::value(const app_column_rule& rule, const app_column& x,
                              const std::string& from) const {
  switch (rule.role) {
    case app_role::time:
      return time(x, from);
    case app_role::choice:
      return x.kind == app_kind::enumeration
               ? cast(x.is_upper ? "upper(" + from + ")" : from, x.type)
               : from;
    case app_role::words:
    case app_role::object:
      if (x.kind == app_kind::text_array)
        return "ARRAY(SELECT json_array_elements_text(" + cast(from, "json")
               + "))";
      return x.kind == app_kind::json ? cast(from, x.type) : from;
    case app_role::number:
      return all_.is_postgres ? cast(from, x.type) : from;
    default: // no cast: it would cut a text that is too long
      return from;
  }
}

std::string app_values::time(const app_column& x,
                             const std::string& from) const {
  if (!all_.is_postgres)
    return sqlite_time(x.kind, from);
  auto moment = "to_timestamp(" + from + " / 1000.0)";
  switch (x.kind) {
    case app_kind::timestamptz:
      return moment;
    case app_kind::timestamp:
      return moment + " AT TIME ZONE 'UTC'";
    case app_kind::text:
      return "to_char(" + moment
             + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    case app_kind::small: // has no room for ms
      return cast(from + " / 1000", x.type);
    default: {
      const auto* made = all_.find("images", "created_at");
      auto is_number = made != nullptr && made->kind == app_kind::integer;
      return is_number ? in_unit_of(made_at_, "", from) : from;
    }
  }
}

std::string app_values::sqlite_time(app_kind kind,
                                    const std::string& from) const {
  if (kind == app_kind::text)
    return sqlite_iso(from);
  if (made_at_.empty())
    return from;
  auto type = "typeof(" + made_at_ + ")";
  auto number = in_unit_of(made_at_, type + " = 'integer' AND ", from);
  if (kind != app_kind::datetime)
    return number;
  return "CASE WHEN " + type + " = 'text' THEN " + sqlite_iso(from) + " ELSE "
         + number + " END";
}

} // namespace darkroom
