#include "nodes/commands/failure_teller.hpp"

#include "config/clock.hpp"
#include "config/database_url.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "services/events/event_text.hpp"
#include "services/text/text_table.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <filesystem>

namespace darkroom {

namespace {

/// Images per transaction, for which other SQLite writers wait about 20 ms.
constexpr size_t most_notes = 200;

} // namespace

failure_teller::failure_teller(const settings& config)
  : config_(config),
    redis_(config.redis) {}

void failure_teller::watch(queue_admin& admin) {
  admin.watch_removals(picture_job_names(),
                       [this](const std::vector<removed_job>& removed) {
                         std::vector<failed_job> failed;
                         failed.reserve(removed.size());
                         for (const auto& x : removed)
                           failed.push_back(failed_job_of(x, removed_reason));
                         tell(failed);
                       });
}

void failure_teller::attempt(shortfall& at, uint64_t jobs,
                             const std::function<status()>& act) {
  if (at.jobs == 0) {
    auto done = act();
    if (done)
      return;
    at.why = done.error().context;
  }
  at.jobs += jobs;
}

void failure_teller::tell(const std::vector<failed_job>& jobs) {
  std::vector<part_note> notes;
  for (const auto& x : jobs)
    if (auto told = failure_note(x))
      notes.push_back(std::move(*told));
  for (size_t first = 0; first < notes.size(); first += most_notes) {
    auto begin = notes.begin() + static_cast<std::ptrdiff_t>(first);
    auto size = std::min(most_notes, notes.size() - first);
    attempt(unnoted_, size, [&] {
      return note({begin, begin + static_cast<std::ptrdiff_t>(size)});
    });
  }
  if (config_.events.publish && !jobs.empty())
    attempt(unpublished_, jobs.size(), [&] { return publish(jobs); });
}

status failure_teller::note(std::vector<part_note> notes) {
  if (config_.catalog.tables == "off")
    return ok;
  if (auto there = open(); !there)
    return there;
  return catalog_->fail_parts(std::move(notes), wall_clock_ms());
}

status failure_teller::open() {
  if (catalog_)
    return ok;
  const auto& where = config_.catalog.database;
  std::error_code ignored;
  if (!is_postgres_url(where) && !std::filesystem::exists(where, ignored))
    return fail(ec::not_found, "there is no catalog " + where);
  auto opened = catalog::open(config_.catalog);
  if (!opened)
    return std::move(opened.error());
  catalog_.emplace(std::move(*opened));
  return ok;
}

status failure_teller::publish(const std::vector<failed_job>& jobs) {
  std::vector<std::string> texts;
  texts.reserve(jobs.size());
  auto now = wall_clock_ms();
  for (const auto& x : jobs)
    texts.push_back(event_text(failure_event(x, now), config_.queue.name));
  std::vector<redis_command> commands;
  commands.reserve(texts.size());
  for (const auto& text : texts)
    commands.push_back({"PUBLISH", config_.events.channel, text});
  auto sent = redis_.pipeline(commands);
  if (!sent)
    return std::move(sent.error());
  return ok;
}

void failure_teller::report() const {
  if (unnoted_.jobs > 0)
    darkroom::note(
      "the catalog was not told that " + counted(unnoted_.jobs, "job")
      + " failed, and may show their pictures as pending: " + unnoted_.why);
  if (unpublished_.jobs > 0)
    darkroom::note("no event was published of "
                   + counted(unpublished_.jobs, "job")
                   + " that failed: " + unpublished_.why);
}

} // namespace darkroom
