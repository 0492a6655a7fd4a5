#include "services/catalog/database.hpp"

#include "config/database_url.hpp"
#include "services/catalog/postgres.hpp"
#include "services/catalog/sqlite.hpp"

#include <spdlog/spdlog.h>

#include <bit>
#include <utility>

namespace darkroom {

namespace {

using clock = std::chrono::steady_clock;

/// The pause between two tries to reach a server that is down. It is short, so
/// that the server is used within a second of its return. Calls during the
/// pause fail at once, so that they do not queue up behind tries that take
/// their whole time limit.
constexpr std::chrono::milliseconds retry_pause{250};

static_assert(std::endian::native == std::endian::little,
              "vectors are stored as the memory's own bytes");

} // namespace

catalog_settings passing_catalog(catalog_settings cfg) {
  if (cfg.tables != "off")
    return cfg;
  cfg.tables = "own";
  cfg.prefix = cfg.schema = "";
  cfg.database = passing_database;
  return cfg;
}

statement::~statement() {
  if (rows_)
    rows_->reset();
}

result<bool> statement::step() {
  return rows_->step();
}

status statement::run() {
  auto row = step();
  if (!row)
    return std::move(row.error());
  return ok;
}

std::string_view statement::text(int column) const {
  return rows_->text(column);
}

int64_t statement::integer(int column) const {
  return rows_->integer(column);
}

void statement::bind_next(std::string_view text) {
  rows_->bind_text(++bound_, text);
}

void statement::bind_next(const std::string& text) {
  rows_->bind_text(++bound_, text);
}

void statement::bind_next(const char* text) {
  rows_->bind_text(++bound_, text);
}

void statement::bind_next(int64_t number) {
  rows_->bind_integer(++bound_, number);
}

void statement::bind_next(uint32_t number) {
  rows_->bind_integer(++bound_, number);
}

void statement::bind_next(uint64_t number) {
  rows_->bind_integer(++bound_, static_cast<int64_t>(number));
}

void statement::bind_next(const std::vector<float>& floats) {
  rows_->bind_bytes(++bound_, {reinterpret_cast<const char*>(floats.data()),
                               floats.size() * sizeof(float)});
}

database::database(const catalog_settings& cfg, access how, greeting greet)
  : cfg_(cfg),
    how_(how),
    greet_(greet),
    name_(mask_password(cfg.database)) {}

result<database> database::open(const catalog_settings& cfg, access how,
                                greeting greet) {
  if (cfg.tables == "off")
    return fail(ec::conflict, "there is no catalog: [catalog] tables = off");
  database db{cfg, how, greet};
  auto there = db.connected();
  if (!there && there.error().code != ec::catalog_unavailable)
    return std::move(there.error());
  return db;
}

result<engine*> database::connected() {
  if (engine_ && (in_transaction_ || engine_->is_alive()))
    return engine_.get();
  if (away_.code != ec::none && clock::now() < retry_at_)
    return away_;
  auto done = connect();
  went(done);
  if (!done) {
    engine_.reset();
    return std::move(done.error());
  }
  return engine_.get();
}

status database::connect() {
  auto made = is_postgres_url(cfg_.database) ? open_postgres(cfg_, name_)
                                             : open_sqlite(cfg_, how_);
  if (!made)
    return std::move(made.error());
  engine_ = std::move(*made);
  return greet_ ? greet_(*this) : ok;
}

/// Remembers and logs the outcome of a try to connect.
void database::went(const status& tried) {
  auto was_away = std::exchange(away_, {}).code != ec::none;
  if (tried && was_away)
    spdlog::info("catalog '{}' is back", name_);
  if (tried || tried.error().code != ec::catalog_unavailable)
    return;
  if (!was_away)
    spdlog::warn("{}", tried.error().context);
  away_ = tried.error();
  retry_at_ = clock::now() + retry_pause;
}

result<statement> database::prepare(std::string_view sql) {
  auto on = connected();
  if (!on)
    return std::move(on.error());
  auto rows = (*on)->prepare(sql);
  if (!rows)
    return std::move(rows.error());
  return statement(std::move(*rows));
}

status database::execute(const std::string& sql) {
  auto on = connected();
  if (!on)
    return std::move(on.error());
  return (*on)->execute(sql);
}

result<transaction> transaction::begin(database& db) {
  auto on = db.connected();
  if (!on)
    return std::move(on.error());
  if (auto begun = (*on)->begin(); !begun)
    return std::move(begun.error());
  db.in_transaction_ = true;
  return transaction(&db);
}

transaction::transaction(transaction&& other) noexcept
  : db_(std::exchange(other.db_, nullptr)) {}

transaction::~transaction() {
  if (db_) {
    // The server may have rolled back already.
    auto undone = db_->execute("ROLLBACK");
    static_cast<void>(undone);
    db_->in_transaction_ = false;
  }
}

status transaction::commit() {
  if (auto done = db_->execute("COMMIT"); !done)
    return done; // still open: the destructor rolls it back
  db_->in_transaction_ = false;
  db_ = nullptr;
  return ok;
}

} // namespace darkroom
