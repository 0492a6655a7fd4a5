#include "services/catalog/sqlite.hpp"

#include <sqlite3.h>

#include <bit>
#include <filesystem>
#include <utility>
#include <vector>

namespace darkroom {

namespace {

/// Longest wait for another process's write; ours take a few ms.
constexpr int busy_timeout_ms = 5000;

static_assert(std::endian::native == std::endian::little,
              "vectors are stored as the memory's own bytes");

/// What an operator can do about `code`.
const char* advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "; the disk is full: free space on its volume";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "; give Darkroom's user the right to write the file and its "
             "folder";
    case SQLITE_CANTOPEN:
      return "; check that the folder exists and may be written";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process holds it: close other writers";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; move the file away and restore a copy";
    case SQLITE_IOERR:
      return "; check the disk";
    default:
      return "";
  }
}

error failure(const std::string& path, sqlite3* db, const std::string& doing) {
  auto code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  auto why = db ? sqlite3_errmsg(db) : "out of memory";
  return fail(ec::catalog_failed,
              "catalog '" + path + "' " + doing + ": " + why + advice(code));
}

} // namespace

statement::statement(sqlite3_stmt* handle, const std::string& path)
  : handle_(handle),
    path_(&path) {}

statement::statement(statement&& other) noexcept
  : handle_(std::exchange(other.handle_, nullptr)),
    path_(other.path_),
    bound_(other.bound_) {}

statement::~statement() {
  if (handle_) {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }
}

result<bool> statement::step() {
  switch (sqlite3_step(handle_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return failure(*path_, sqlite3_db_handle(handle_), "refused a statement");
  }
}

status statement::run() {
  auto row = step();
  if (!row)
    return std::move(row.error());
  return ok;
}

std::string_view statement::text(int column) const {
  auto bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  auto size = sqlite3_column_bytes(handle_, column);
  return bytes ? std::string_view(bytes, static_cast<size_t>(size))
               : std::string_view();
}

int64_t statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}

void statement::bind_next(std::string_view text) {
  sqlite3_bind_text(handle_, ++bound_, text.data() ? text.data() : "",
                    static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void statement::bind_next(const std::string& text) {
  bind_next(std::string_view(text));
}

void statement::bind_next(const char* text) {
  bind_next(std::string_view(text));
}

void statement::bind_next(int64_t number) {
  sqlite3_bind_int64(handle_, ++bound_, number);
}

void statement::bind_next(uint32_t number) {
  sqlite3_bind_int64(handle_, ++bound_, number);
}

void statement::bind_next(uint64_t number) {
  sqlite3_bind_int64(handle_, ++bound_, static_cast<int64_t>(number));
}

void statement::bind_next(std::nullptr_t) {
  sqlite3_bind_null(handle_, ++bound_);
}

void statement::bind_next(const std::vector<float>& floats) {
  sqlite3_bind_blob(handle_, ++bound_, floats.data(),
                    static_cast<int>(floats.size() * sizeof(float)),
                    SQLITE_TRANSIENT);
}

void database::closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void database::finalizer::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

database::database(database&&) noexcept = default;

database::~database() = default;

result<database> database::open(const std::string& path, access how) {
  auto flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY;
  if (how == access::read_write) {
    flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    std::error_code ignored; // the open below tells what is wrong
    auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty())
      std::filesystem::create_directories(folder, ignored);
  }
  database db;
  db.path_ = std::make_unique<std::string>(path);
  sqlite3* raw = nullptr;
  auto code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  db.handle_.reset(raw); // set also where opening failed
  if (code != SQLITE_OK)
    return failure(path, raw, "could not be opened");
  if (auto done = db.configure(how); !done)
    return std::move(done.error());
  return db;
}

status database::configure(access how) {
  sqlite3_busy_timeout(handle_.get(), busy_timeout_ms);
  sqlite3_extended_result_codes(handle_.get(), 1);
  if (how == access::read_only)
    return ok;
  if (sqlite3_db_readonly(handle_.get(), "main") == 1)
    return fail(ec::catalog_failed, "catalog '" + *path_
                                      + "' could not be opened for writing"
                                      + advice(SQLITE_READONLY));
  // FULL: a commit is on the disk before the queue is told that the job is
  // done. With NORMAL a power cut could lose rows of a job that Redis, with
  // appendfsync always, remembers as completed.
  return execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "PRAGMA foreign_keys = ON;");
}

result<statement> database::prepare(std::string_view sql) {
  auto found = kept_.find(sql);
  if (found == kept_.end()) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), sql.data(),
                           static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr)
        != SQLITE_OK)
      return failure(*path_, handle_.get(), "refused a statement");
    found = kept_.emplace(std::string(sql), nullptr).first;
    found->second.reset(raw);
  }
  return statement(found->second.get(), *path_);
}

status database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(*path_, handle_.get(), "refused a statement");
  return ok;
}

result<transaction> transaction::begin(database& db) {
  if (auto begun = db.execute("BEGIN IMMEDIATE"); !begun)
    return std::move(begun.error());
  return transaction(&db);
}

transaction::transaction(transaction&& other) noexcept
  : db_(std::exchange(other.db_, nullptr)) {}

transaction::~transaction() {
  if (db_) {
    auto undone = db_->execute("ROLLBACK"); // SQLite may have done it already
    static_cast<void>(undone);
  }
}

status transaction::commit() {
  if (auto done = db_->execute("COMMIT"); !done)
    return done; // still open: the destructor rolls it back
  db_ = nullptr;
  return ok;
}

} // namespace darkroom
