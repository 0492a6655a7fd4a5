#include "services/catalog/postgres.hpp"

#include "config/database_url.hpp"
#include "services/catalog/migrations.hpp"
#include "services/catalog/postgres_link.hpp"
#include "services/catalog/table_names.hpp"
#include "services/text/utf8.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <utility>

namespace darkroom {

namespace {

using link_ptr = std::shared_ptr<postgres_link>;

/// A text that PostgreSQL can store: invalid UTF-8 and NUL become U+FFFD.
std::string storable(std::string_view text) {
  auto is_plain = [](char c) {
    return c != 0 && (c & 0x80) == 0; // ASCII without NUL
  };
  if (std::all_of(text.begin(), text.end(), is_plain))
    return std::string{text};
  auto points = to_code_points(text);
  for (auto& x : points)
    if (x == 0 || (x >= 0xd800 && x <= 0xdfff) || x > 0x10ffff)
      x = 0xfffd;
  return to_utf8(points);
}

class postgres_cursor : public cursor {
public:
  postgres_cursor(link_ptr link, std::string statement)
    : link_(std::move(link)),
      statement_(std::move(statement)) {}

  void bind_text(int position, std::string_view text) override {
    put(position, {storable(text), false});
  }

  void bind_integer(int position, int64_t number) override {
    put(position, {std::to_string(number), false});
  }

  void bind_bytes(int position, std::string_view bytes) override {
    put(position, {std::string{bytes}, true});
  }

  result<bool> step() override {
    if (!rows_) {
      auto rows = link_->run(statement_, values_);
      if (!rows)
        return std::move(rows.error());
      rows_ = std::move(*rows);
      row_ = -1;
    }
    return ++row_ < PQntuples(rows_.get());
  }

  std::string_view text(int column) const override {
    return {PQgetvalue(rows_.get(), row_, column),
            static_cast<size_t>(PQgetlength(rows_.get(), row_, column))};
  }

  /// Big-endian, of 1 to 8 bytes.
  int64_t integer(int column) const override {
    auto bytes = text(column);
    if (bytes.empty())
      return 0;
    int64_t number = bytes.front() < 0 ? -1 : 0;
    for (auto byte : bytes)
      number = number << 8 | static_cast<unsigned char>(byte);
    return number;
  }

  void reset() override {
    rows_.reset();
    values_.clear();
  }

private:
  void put(int position, postgres_value value) {
    rows_.reset(); // the next step runs it again
    auto index = static_cast<size_t>(position - 1);
    if (values_.size() <= index)
      values_.resize(index + 1);
    values_[index] = std::move(value);
  }

  link_ptr link_;
  std::string statement_; ///< its name
  std::vector<postgres_value> values_;
  postgres_rows rows_;
  int row_ = -1;
};

class postgres_engine : public engine {
public:
  postgres_engine(link_ptr link, const catalog_settings& cfg)
    : link_(std::move(link)),
      dialect_(postgres_schema(schema_of(cfg))),
      names_(table_prefix(cfg)) {}

  result<cursor_ptr> prepare(std::string_view sql) override {
    auto found = kept_.find(sql);
    if (found != kept_.end())
      return found->second;
    auto name = "s" + std::to_string(++count_);
    auto done = link_->prepare(name, names_.rename(sql));
    if (!done)
      return std::move(done.error());
    cursor_ptr made = std::make_shared<postgres_cursor>(link_, name);
    kept_.emplace(std::string{sql}, made);
    return made;
  }

  status execute(const std::string& sql) override {
    auto done = link_->run(names_.rename(sql));
    if (!done)
      return std::move(done.error());
    return ok;
  }

  /// Ignores the role's default isolation: a writer that waited for a row must
  /// then see what the other writer wrote.
  status begin() override {
    return execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  }

  bool is_alive() override {
    return link_->is_alive();
  }

  const schema_dialect& dialect() const override {
    return dialect_;
  }

  const word_dialect& words() const override {
    static const word_dialect dialect{
      "image_metadata AS m", "m.words @@ websearch_to_tsquery('english', $7)",
      "ts_rank(m.words, websearch_to_tsquery('english', $7)) DESC"};
    return dialect;
  }

private:
  link_ptr link_;
  schema_dialect dialect_;
  table_names names_;
  std::map<std::string, cursor_ptr, std::less<>> kept_;
  uint64_t count_ = 0;
};

} // namespace

result<engine_ptr> open_postgres(const catalog_settings& cfg,
                                 const std::string& name) {
  auto link = postgres_link::open(cfg, name);
  if (!link)
    return std::move(link.error());
  return engine_ptr(std::make_unique<postgres_engine>(std::move(*link), cfg));
}

} // namespace darkroom
