#include "services/access/access_book.hpp"

#include "services/catalog/schema.hpp"

#include <cctype>
#include <utility>

namespace darkroom {

namespace {

constexpr auto session_key = "sessions";

constexpr auto token_columns
  = "id, name, role, hash, created_at, expires_at, revoked_at";

kept_token token_in(const statement& row) {
  kept_token out;
  out.id = row.text(0);
  out.name = row.text(1);
  out.role = role_named(row.text(2)).value_or(access_role::none);
  out.hash = row.text(3);
  out.created_at = row.integer(4);
  out.expires_at = row.integer(5);
  out.revoked_at = row.integer(6);
  return out;
}

audit_entry entry_in(const statement& row) {
  audit_entry out;
  out.id = row.integer(0);
  out.at = row.integer(1);
  out.who = row.text(2);
  out.role = row.text(3);
  out.origin = row.text(4);
  out.action = row.text(5);
  out.target = row.text(6);
  out.status = row.integer(7);
  out.details = row.text(8);
  return out;
}

/// All rows of a statement, as `read` makes them.
template <class Row>
result<std::vector<Row>>
rows_of(result<statement> from, Row (*read)(const statement&)) {
  if (!from)
    return std::move(from.error());
  std::vector<Row> out;
  for (;;) {
    auto more = from->step();
    if (!more)
      return std::move(more.error());
    if (!*more)
      return out;
    out.push_back(read(*from));
  }
}

} // namespace

bool is_valid(const kept_token& token, int64_t now) {
  return token.role != access_role::none && token.revoked_at == 0
         && (token.expires_at == 0 || now < token.expires_at);
}

result<access_book> access_book::open(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_write, migrate);
  if (!db)
    return std::move(db.error());
  return access_book{std::move(*db)};
}

status access_book::add(const kept_token& token, int64_t now) {
  auto change = transaction::begin(db_);
  if (!change)
    return std::move(change.error());
  auto known = tokens();
  if (!known)
    return std::move(known.error());
  for (const auto& x : *known)
    if (x.name == token.name && is_valid(x, now))
      return fail(ec::conflict, "there is a token named '" + token.name
                                  + "' already: choose another name, or "
                                    "revoke it");
  auto add = db_.prepare(
    "INSERT INTO api_tokens (id, name, role, hash, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6)");
  if (!add)
    return std::move(add.error());
  add->bind(token.id, token.name, to_string(token.role), token.hash,
            token.created_at, token.expires_at);
  if (auto done = add->run(); !done)
    return done;
  return change->commit();
}

status access_book::revoke(const std::string& id_or_name, int64_t now) {
  auto change = transaction::begin(db_);
  if (!change)
    return std::move(change.error());
  auto known = tokens();
  if (!known)
    return std::move(known.error());
  for (const auto& x : *known) {
    if ((x.id != id_or_name && x.name != id_or_name) || !is_valid(x, now))
      continue;
    auto revoke
      = db_.prepare("UPDATE api_tokens SET revoked_at = $1 WHERE id = $2");
    if (!revoke)
      return std::move(revoke.error());
    revoke->bind(now, x.id);
    if (auto done = revoke->run(); !done)
      return done;
    return change->commit();
  }
  return fail(ec::not_found, "there is no valid token '" + id_or_name
                               + "': `darkroom token list` shows all");
}

result<std::vector<kept_token>> access_book::tokens() {
  return rows_of(db_.prepare(std::string{"SELECT "} + token_columns
                             + " FROM api_tokens ORDER BY created_at, id"),
                 token_in);
}

result<std::string> access_book::signing_key() {
  // Of two mains that start at once, one writes it, and both read it.
  auto make = db_.prepare("INSERT INTO access_keys (name, secret) VALUES "
                          "($1, $2) ON CONFLICT (name) DO NOTHING");
  if (!make)
    return std::move(make.error());
  make->bind(session_key, make_signing_key());
  if (auto done = make->run(); !done)
    return std::move(done.error());
  auto read = db_.prepare("SELECT secret FROM access_keys WHERE name = $1");
  if (!read)
    return std::move(read.error());
  read->bind(session_key);
  auto found = read->step();
  if (!found)
    return std::move(found.error());
  return std::string{read->text(0)};
}

status access_book::note(const std::vector<audit_entry>& entries) {
  auto change = transaction::begin(db_);
  if (!change)
    return std::move(change.error());
  for (const auto& x : entries) {
    auto add = db_.prepare("INSERT INTO audit_log (at, who, role, origin, "
                           "action, target, status, details) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    if (!add)
      return std::move(add.error());
    add->bind(x.at, x.who, x.role, x.origin, x.action, x.target, x.status,
              x.details);
    if (auto done = add->run(); !done)
      return done;
  }
  return change->commit();
}

result<std::vector<audit_entry>> access_book::audit(const audit_filter& filter,
                                                    uint32_t limit) {
  auto look = db_.prepare(
    "SELECT id, at, who, role, origin, action, target, status, details "
    "FROM audit_log WHERE ($1 = '' OR who = $1) "
    "AND ($2 = '' OR lower(action || ' ' || target) LIKE $3 ESCAPE '!') "
    "AND (CAST($4 AS BIGINT) = 0 OR id < CAST($4 AS BIGINT)) ORDER BY id DESC "
    "LIMIT $5");
  if (!look)
    return std::move(look.error());
  std::string pattern = "%";
  for (auto c : filter.action) {
    if (c == '%' || c == '_' || c == '!')
      pattern += '!';
    pattern += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  pattern += '%';
  look->bind(filter.who, filter.action, pattern, filter.below,
             static_cast<int64_t>(limit));
  return rows_of(std::move(look), entry_in);
}

status access_book::forget(int64_t until) {
  auto forget = db_.prepare("DELETE FROM audit_log WHERE at < $1");
  if (!forget)
    return std::move(forget.error());
  forget->bind(until);
  return forget->run();
}

} // namespace darkroom
