#include "services/catalog/sqlite.hpp"

#include "services/catalog/migrations.hpp"
#include "services/catalog/table_names.hpp"
#include "services/storage/private_files.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <map>
#include <utility>

namespace darkroom {

namespace {

/// The longest wait for another process's write; our writes take a few ms.
constexpr int busy_timeout_ms = 5000;

/// Tells an operator what to do about `code`.
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

class sqlite_cursor : public cursor {
public:
  sqlite_cursor(sqlite3_stmt* handle, const std::string& name)
    : handle_(handle),
      name_(name) {}
  sqlite_cursor(const sqlite_cursor&) = delete;
  sqlite_cursor& operator=(const sqlite_cursor&) = delete;
  ~sqlite_cursor() override {
    sqlite3_finalize(handle_);
  }

  void bind_text(int position, std::string_view text) override {
    sqlite3_bind_text(handle_, index(position), text.data() ? text.data() : "",
                      static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }

  void bind_integer(int position, int64_t number) override {
    sqlite3_bind_int64(handle_, index(position), number);
  }

  void bind_bytes(int position, std::string_view bytes) override {
    sqlite3_bind_blob(handle_, index(position), bytes.data(),
                      static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
  }

  result<bool> step() override {
    switch (sqlite3_step(handle_)) {
      case SQLITE_ROW:
        return true;
      case SQLITE_DONE:
        return false;
      default:
        return failure(name_, sqlite3_db_handle(handle_),
                       "refused a statement");
    }
  }

  std::string_view text(int column) const override {
    auto bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    auto size = sqlite3_column_bytes(handle_, column);
    return bytes ? std::string_view(bytes, static_cast<size_t>(size))
                 : std::string_view();
  }

  int64_t integer(int column) const override {
    return sqlite3_column_int64(handle_, column);
  }

  void reset() override {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }

private:
  /// For SQLite, `$1` is a name; it counts names in the order of appearance.
  int index(int position) const {
    return sqlite3_bind_parameter_index(
      handle_, ("$" + std::to_string(position)).c_str());
  }

  sqlite3_stmt* handle_;
  std::string name_;
};

class sqlite_engine : public engine {
public:
  sqlite_engine(sqlite3* handle, const catalog_settings& cfg)
    : name_(std::filesystem::path{cfg.database}.filename()),
      handle_(handle),
      names_(table_prefix(cfg)),
      dialect_(sqlite_schema(!names_.is_plain())) {}

  status configure(access how) {
    sqlite3_busy_timeout(handle_.get(), busy_timeout_ms);
    sqlite3_extended_result_codes(handle_.get(), 1);
    // 512 KiB for each of about eleven connections, which would else keep 2 MB;
    // the system has the file's pages, too. What is wrong with the file is told
    // by the first query.
    (void)execute("PRAGMA cache_size = -512");
    if (how == access::read_only)
      return ok;
    if (sqlite3_db_readonly(handle_.get(), "main") == 1)
      return fail(ec::catalog_failed, "catalog '" + name_
                                        + "' could not be opened for writing"
                                        + advice(SQLITE_READONLY));
    // FULL: a commit is on the disk before the queue is told that the job is
    // done. With NORMAL a power cut could lose rows of a job that Redis, with
    // appendfsync always, remembers as completed.
    return execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA foreign_keys = ON;");
  }

  result<cursor_ptr> prepare(std::string_view sql) override {
    auto found = kept_.find(sql);
    if (found != kept_.end())
      return found->second;
    sqlite3_stmt* raw = nullptr;
    auto text = names_.rename(sql);
    if (sqlite3_prepare_v3(handle_.get(), text.data(),
                           static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr)
        != SQLITE_OK)
      return failure(name_, handle_.get(), "refused a statement");
    cursor_ptr made = std::make_shared<sqlite_cursor>(raw, name_);
    kept_.emplace(std::string(sql), made);
    return made;
  }

  status execute(const std::string& sql) override {
    auto text = names_.rename(sql);
    if (sqlite3_exec(handle_.get(), text.c_str(), nullptr, nullptr, nullptr)
        != SQLITE_OK)
      return failure(name_, handle_.get(), "refused a statement");
    return ok;
  }

  /// Becomes the only writer at once, so that nothing that it reads changes
  /// before it commits.
  status begin() override {
    return execute("BEGIN IMMEDIATE");
  }

  bool is_alive() override {
    return true;
  }

  const schema_dialect& dialect() const override {
    return dialect_;
  }

  /// The weights of bm25 are those of the columns of image_texts.
  const word_dialect& words() const override {
    static const word_dialect dialect{
      "image_texts JOIN image_metadata AS m ON m.id = image_texts.rowid",
      "image_texts MATCH $7", "bm25(image_texts, 4, 1, 4, 2, 2, 1, 1, 1)"};
    return dialect;
  }

private:
  struct closer {
    void operator()(sqlite3* handle) const {
      sqlite3_close_v2(handle); // waits for cursors that are still in use
    }
  };

  std::string name_; ///< without its folder, as errors reach browsers
  std::unique_ptr<sqlite3, closer> handle_;
  table_names names_;
  schema_dialect dialect_;
  std::map<std::string, cursor_ptr, std::less<>> kept_;
};

} // namespace

result<engine_ptr> open_sqlite(const catalog_settings& cfg, access how) {
  const auto& path = cfg.database;
  auto flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY;
  if (path == passing_database) {
    flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            | SQLITE_OPEN_URI;
  } else if (how == access::read_write && cfg.tables == "adopt") {
    flags = SQLITE_OPEN_NOMUTEX
            | SQLITE_OPEN_READWRITE; // the web tier makes it
  } else if (how == access::read_write) {
    flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    // If this fails, the open below tells why.
    (void)make_private_folder(std::filesystem::path(path).parent_path());
    // SQLite gives the journal's files the mode of the database file. A file
    // of the web tier keeps its mode, because its user must open it, too.
    make_private_file(path);
    for (const auto* journal : {"-wal", "-shm"})
      tighten_file(path + journal);
  }
  sqlite3* raw = nullptr;
  auto code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  auto made = std::make_unique<sqlite_engine>(raw, cfg); // also closes `raw`
  if (code != SQLITE_OK)
    return failure(path, raw, "could not be opened");
  if (auto done = made->configure(how); !done) {
    auto why = std::move(done.error());
    why.context += " (the file is '" + path + "')";
    return why;
  }
  return engine_ptr(std::move(made));
}

} // namespace darkroom
