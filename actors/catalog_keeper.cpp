#include "actors/catalog_keeper.hpp"

#include "actors/mailbox.hpp"
#include "config/clock.hpp"

#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

#include <set>

namespace darkroom {

namespace {

/// The error for the sender: nothing is decided, ask again.
caf::error away(const error& why) {
  return caf::make_error(caf::sec::runtime_error, why.context);
}

/// The answer to a commit that was not stored.
caf::result<commit_result> answer_of(const error& why) {
  if (why.code == ec::catalog_unavailable)
    return away(why);
  auto how = why.code == ec::fenced       ? commit_status::fenced
             : why.code == ec::superseded ? commit_status::superseded
                                          : commit_status::failed;
  return commit_result{how, why.context};
}

} // namespace

void catalog_keeper_state::init(catalog_settings catalog,
                                storage_settings storage, metrics_ptr counted) {
  catalog_settings_ = std::move(catalog);
  storage_settings_ = std::move(storage);
  counted_ = std::move(counted);
  for (const auto* operation : {"commit", "find", "note"})
    count(counted_, counter::catalog_errors, {{"operation", operation}}, 0);
}

status catalog_keeper_state::open() {
  if (!storage_) {
    auto opened = local_storage::open(storage_settings_.uploads);
    if (!opened)
      return std::move(opened.error());
    storage_ = std::make_unique<local_storage>(std::move(*opened));
  }
  if (!catalog_) {
    auto opened = catalog::open(catalog_settings_);
    if (!opened)
      return std::move(opened.error());
    catalog_ = std::make_unique<catalog>(std::move(*opened));
  }
  return ok;
}

void catalog_keeper_state::count_error(const char* operation,
                                       const error& why) {
  if (why.code != ec::fenced && why.code != ec::superseded)
    count(counted_, counter::catalog_errors, {{"operation", operation}});
}

/// Each file once, under the first of the variants that it serves.
void catalog_keeper_state::count_files(const image_commit& rows) {
  if (!counted_)
    return;
  std::set<std::string> seen;
  for (const auto& x : rows.variants) {
    metrics::labels where{{"format", x.format},
                          {"size", counted_->bounded("size", x.variant_type)}};
    if (x.encode_ms > 0)
      counted_->observe(histogram::encode_seconds, where, x.encode_ms / 1000.0);
    if (seen.insert(x.file_path).second)
      counted_->add(counter::variant_bytes, where,
                    static_cast<double>(x.file_size));
  }
}

caf::result<commit_result>
catalog_keeper_state::commit(const image_commit& rows) {
  if (auto ready = open(); !ready) {
    count_error("commit", ready.error());
    return answer_of(ready.error());
  }
  auto publish = [&](const std::vector<staged_file>& files) -> status {
    for (const auto& x : files) {
      auto published = storage_->publish(x);
      if (!published)
        return published;
    }
    // Inside the transaction: until it ends, no later run publishes files.
    return storage_->keep_only(rows.image_id, files);
  };
  auto stored = catalog_->commit(rows, wall_clock_ms(), publish);
  if (stored) {
    // Removes files that earlier, killed attempts of this job staged.
    if (!rows.files.empty())
      (void)storage_->remove_up_to(rows.image_id, rows.stamp);
    if (rows.is_reused)
      count(counted_, counter::variants_reused);
    else
      count_files(rows);
    return commit_result{};
  }
  if (stored.error().code == ec::fenced
      || stored.error().code == ec::superseded)
    discard({rows.files});
  count_error("commit", stored.error());
  return answer_of(stored.error());
}

caf::result<known_result>
catalog_keeper_state::find(const result_query& query) {
  auto ready = open();
  auto found = ready ? catalog_->find(query)
                     : result<known_result>{std::move(ready.error())};
  if (found)
    return std::move(*found);
  count_error("find", found.error());
  return away(found.error());
}

caf::result<void> catalog_keeper_state::note(const part_note& x) {
  auto ready = open();
  auto now = wall_clock_ms();
  if (ready && x.error.empty())
    ready = catalog_->begin_part(x.stamp, x.image_id, x.file_path, x.part, now);
  else if (ready)
    ready = catalog_->fail_part(x.stamp, x.image_id, x.file_path, x.part,
                                x.error, now);
  if (ready && !x.error.empty() && rules_of(x.part).has_files)
    ready = storage_->remove_up_to(x.image_id, x.stamp);
  if (ready)
    return caf::unit;
  count_error("note", ready.error());
  if (ready.error().code != ec::catalog_unavailable)
    spdlog::warn("catalog did not note {} of image {}: {}", to_string(x.part),
                 x.image_id, ready.error().context);
  else if (!x.error.empty()) // nobody waits for the answer to a beginning
    return away(ready.error());
  return caf::unit;
}

void catalog_keeper_state::discard(const void_files& x) {
  if (!open())
    return; // the image's next commit removes the files
  for (const auto& file : x.files)
    (void)storage_->discard(file);
}

catalog_actor::behavior_type
catalog_keeper(catalog_actor::stateful_pointer<catalog_keeper_state> self,
               catalog_settings catalog, storage_settings storage,
               metrics_ptr counted) {
  answer_mailbox(self);
  self->state.init(std::move(catalog), std::move(storage), std::move(counted));
  return {
    [self](const image_commit& rows) { return self->state.commit(rows); },
    [self](const result_query& query) { return self->state.find(query); },
    [self](const part_note& x) { return self->state.note(x); },
    [self](const void_files& x) { self->state.discard(x); },
  };
}

} // namespace darkroom
