#include "nodes/api/upload_sweeper.hpp"

#include "config/clock.hpp"
#include "services/storage/stale_uploads.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1h;

/// The time that an upload may take after its last byte. It waits for the
/// catalog, and file servers have their own clocks.
constexpr auto longest_end = 10min;

void warn_of(const error& why) {
  spdlog::warn("files of interrupted uploads were not removed: {}",
               why.context);
}

} // namespace

upload_sweeper::upload_sweeper(std::shared_ptr<const image_storage> storage,
                               local_storage aside, const http_settings& http)
  : storage_(std::move(storage)),
    aside_(std::move(aside)),
    longest_upload_(http.max_body_time + longest_end) {}

void upload_sweeper::sweep_if_due(image_book& book) {
  auto now = std::chrono::steady_clock::now();
  if (now < due_)
    return;
  due_ = now + look_every;
  sweep(book);
}

void upload_sweeper::sweep(image_book& book) {
  auto until = wall_clock_ms() - longest_upload_.count();
  auto count = remove_stale_uploads(aside_, until);
  if (!count)
    warn_of(count.error());
  else if (*count > 0)
    spdlog::info("removed {} files of uploads that were cut off", *count);
  auto swept = book.sweep_files(until, [this](const std::string& path) {
    if (!storage_->is_gone(path))
      spdlog::info("removed '{}': its upload died before it had a row", path);
    return storage_->remove_image({}, {path}, {});
  });
  if (!swept)
    warn_of(swept.error());
}

} // namespace darkroom
