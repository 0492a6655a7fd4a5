/// `darkroom audit`: who did what, over the HTTP API or by a command.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/access/access_book.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

namespace darkroom {

namespace {

constexpr uint32_t audit_page = 1000;

struct audit_flags {
  command_flags common;
  std::string who;
  std::string what;
  uint64_t limit = 50;
  bool is_json = false;
};

/// Calls `visit` with each entry, the newest first.
/// @param limit 0 = all
status each_entry(access_book& book, audit_filter filter, uint64_t limit,
                  const std::function<void(const audit_entry&)>& visit) {
  for (uint64_t seen = 0; limit == 0 || seen < limit;) {
    auto count = limit == 0 ? audit_page
                            : static_cast<uint32_t>(
                              std::min<uint64_t>(audit_page, limit - seen));
    auto page = book.audit(filter, count);
    if (!page)
      return std::move(page.error());
    for (const auto& x : *page)
      visit(x);
    if (page->size() < count)
      return ok;
    seen += page->size();
    filter.below = page->back().id;
  }
  return ok;
}

std::string line_of(const audit_entry& x) {
  return shown_json({{"id", x.id},
                     {"at", x.at},
                     {"who", x.who},
                     {"role", x.role},
                     {"from", x.origin},
                     {"what", x.action},
                     {"target", x.target},
                     {"status", x.status},
                     {"details", x.details}});
}

/// "POST /api/jobs/17/retry" for a request, "darkroom job retry 17" for a
/// command.
std::string what_of(const audit_entry& x) {
  auto is_path = x.target.starts_with('/');
  return (is_path ? x.action.substr(0, x.action.find(' ')) : x.action) + " "
         + x.target;
}

int run_audit(const audit_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto book = access_book::open(config.catalog);
  if (!book)
    return report(book.error());
  text_table table{{"time", "who", "from", "status", "what"}};
  auto shown = each_entry(*book, {flags.who, flags.what, 0}, flags.limit,
                          [&](const audit_entry& x) {
                            if (flags.is_json)
                              say(line_of(x));
                            else
                              table.add({local_time(x.at), x.who, x.origin,
                                         std::to_string(x.status), what_of(x)});
                          });
  if (!shown)
    return report(shown.error());
  if (!flags.is_json)
    for (const auto& line : table.lines())
      tell(line);
  return exit_ok;
}

} // namespace

void add_audit_command(CLI::App& program) {
  auto* audit = program.add_subcommand("audit",
                                       "who did what, the newest first");
  auto flags = std::make_shared<audit_flags>();
  flags->common.add_to(*audit);
  audit->add_option("--who", flags->who, "only of the token with this name");
  audit->add_option("--what", flags->what,
                    "only requests whose method, route or path has this text");
  add_number(*audit, "--limit", flags->limit, {},
             "at most this many; 0 = all (50 if not given)");
  audit->add_flag("--json", flags->is_json, "one line of JSON per entry");
  audit->final_callback([flags] { std::exit(run_audit(*flags)); });
}

} // namespace darkroom
