#include "actors/catalog_keeper.hpp"

#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "services/catalog/catalog_rows.hpp"
#include "services/storage/names.hpp"
#include "services/storage/open_storage.hpp"
#include "services/text/without_folders.hpp"

#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

namespace darkroom {

namespace {

/// The error for the sender: nothing is decided, ask again.
caf::error away(const error& why) {
  return caf::make_error(caf::sec::runtime_error, why.context);
}

/// A commit of files only. Without rows, nothing fences it but the queue.
status publish_alone(const image_commit& rows, const file_publisher& publish) {
  if (auto sound = check_rows(rows); !sound)
    return sound;
  return rows.files.empty() ? ok : publish(rows.files);
}

/// The answer to a commit that was not stored.
caf::result<commit_result> answer_of(const error& why,
                                     const std::vector<std::string>& folders) {
  if (why.code == ec::catalog_unavailable)
    return away(why);
  auto how = why.code == ec::fenced       ? commit_status::fenced
             : why.code == ec::superseded ? commit_status::superseded
                                          : commit_status::failed;
  return commit_result{how, without_folders(why.context, folders)};
}

std::vector<std::string> final_names(const std::vector<staged_file>& files) {
  std::vector<std::string> out;
  out.reserve(files.size());
  for (const auto& x : files)
    out.push_back(x.final_name);
  return out;
}

/// The image of "variants/cat/lg.webp"; empty if its folder does not tell.
std::string image_of(const std::string& variant) {
  auto folder = variant.substr(variant.find('/') + 1);
  folder = folder.substr(0, folder.find('/'));
  return safe_name(folder) == folder ? folder : std::string{};
}

/// The catalog does not wait long for a server that is away: what stays there
/// is removed by the image's next run, or by fsck.
constexpr std::chrono::milliseconds longest_wait{2000};

} // namespace

void catalog_keeper_state::init(catalog_settings catalog,
                                storage_settings storage, metrics_ptr counted) {
  catalog_settings_ = std::move(catalog);
  storage_settings_ = std::move(storage);
  storage_settings_.s3_attempts = 1;
  storage_settings_.s3_timeout = std::min(storage_settings_.s3_timeout,
                                          longest_wait);
  counted_ = std::move(counted);
  for (const auto* operation : {"commit", "find", "note"})
    count(counted_, counter::catalog_errors, {{"operation", operation}}, 0);
}

status catalog_keeper_state::open() {
  if (!storage_) {
    auto opened = open_storage(storage_settings_);
    if (!opened)
      return std::move(opened.error());
    storage_ = std::move(*opened);
  }
  if (!catalog_ && has_catalog()) {
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

/// Folders of this machine, of which a job's reader need not know.
std::vector<std::string> catalog_keeper_state::folders() const {
  std::error_code ignored;
  std::vector<std::string> out;
  for (const auto& path :
       {std::filesystem::path{catalog_settings_.database}.parent_path(),
        std::filesystem::path{storage_settings_.uploads}})
    out.push_back(std::filesystem::absolute(path, ignored).lexically_normal());
  return out;
}

bool catalog_keeper_state::has_catalog() const {
  return catalog_settings_.tables != "off";
}

caf::result<commit_result>
catalog_keeper_state::commit(const image_commit& rows) {
  if (auto ready = open(); !ready) {
    count_error("commit", ready.error());
    return answer_of(ready.error(), folders());
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
  auto stored = has_catalog() ? catalog_->commit(rows, wall_clock_ms(), publish)
                              : publish_alone(rows, publish);
  if (stored) {
    // Removes files that earlier, killed attempts of this job staged.
    if (!rows.files.empty())
      (void)storage_->remove_up_to(rows.image_id, rows.stamp,
                                   final_names(rows.files));
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
  return answer_of(stored.error(), folders());
}

caf::result<known_result>
catalog_keeper_state::find(const result_query& query) {
  auto ready = open();
  if (ready && !has_catalog())
    return known_result{};
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
  auto is_noted = ready && has_catalog();
  if (is_noted && x.error.empty())
    ready = catalog_->begin_part(x.stamp, x.image_id, x.file_path, x.part, now);
  else if (is_noted)
    ready = catalog_->fail_part(x.stamp, x.image_id, x.file_path, x.part,
                                x.error, now);
  if (ready && !x.error.empty() && rules_of(x.part).has_files)
    ready = remove_left(x.image_id, x.stamp);
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

status catalog_keeper_state::remove_left(const std::string& image_id,
                                         const attempt_stamp& stamp) {
  std::vector<std::string> in_use;
  if (storage_->writes_at_once() && !has_catalog())
    return ok; // nobody can tell which files are in use
  if (storage_->writes_at_once()) {
    // After the fence has moved on, no row can get a name of these runs.
    auto named = catalog_->variant_files(image_id);
    if (!named)
      return std::move(named.error());
    in_use = std::move(*named);
  }
  return storage_->remove_up_to(image_id, stamp, in_use);
}

void catalog_keeper_state::discard(const void_files& x) {
  if (!open())
    return; // the image's next commit removes the files
  for (const auto& file : x.files)
    if (!storage_->writes_at_once() || is_unnamed(file.final_name))
      (void)storage_->discard(file);
}

/// The run may have committed before somebody declared it void.
bool catalog_keeper_state::is_unnamed(const std::string& file) {
  auto id = image_of(file);
  if (id.empty() || !has_catalog())
    return false;
  auto named = catalog_->variant_files(id);
  return named && std::find(named->begin(), named->end(), file) == named->end();
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
