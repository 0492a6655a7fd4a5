#include "nodes/commands/deed_note.hpp"

#include "config/clock.hpp"
#include "config/database_url.hpp"
#include "nodes/command.hpp"
#include "services/access/access_book.hpp"
#include "services/net/host_name.hpp"
#include "services/text/printable.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace darkroom {

namespace {

constexpr std::chrono::milliseconds longest_wait{500}; // connect, then write
constexpr size_t longest_deed_target = 500;            // bytes

std::string own_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  auto user = ::geteuid();
  ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  return "local:"
         + (found != nullptr ? std::string{found->pw_name}
                             : std::to_string(user));
}

status write_deed(catalog_settings catalog, const deed& done) {
  std::error_code ignored;
  if (!is_postgres_url(catalog.database)
      && !std::filesystem::exists(catalog.database, ignored))
    return ok; // a shell elsewhere
  catalog.connect_timeout = std::min(catalog.connect_timeout, longest_wait);
  catalog.command_timeout = std::min(catalog.command_timeout, longest_wait);
  auto book = access_book::open(catalog);
  if (!book)
    return std::move(book.error());
  audit_entry entry;
  entry.at = wall_clock_ms();
  entry.who = own_name();
  entry.origin = host_name();
  entry.action = done.what;
  entry.target = printable(done.target, longest_deed_target);
  entry.status = done.code;
  return book->note({entry});
}

} // namespace

int note_deed(const settings& config, const deed& done) {
  auto written = write_deed(config.catalog, done);
  const auto& level = config.log.level;
  if (!written && (level == "debug" || level == "trace"))
    note("the audit log has no entry of this: " + written.error().context);
  return done.code;
}

} // namespace darkroom
