#include "nodes/commands/variant_run.hpp"

#include "services/codec/capacity.hpp"
#include "services/codec/codec_client.hpp"
#include "services/process/guarded_thread.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>

namespace darkroom {

namespace {

using namespace std::chrono_literals;

// [imaging] codec_time limits what a picture costs. This limit is for a codec
// process that sleeps.
constexpr auto picture_patience = 1h;
constexpr auto glance_at_progress = 100ms;
constexpr auto write_patience = 2s; // the file system may hang

// Waits for a signal, and ends the process by it.
void end_at_signal(std::timed_mutex& writing) {
  sigset_t signals;
  sigemptyset(&signals);
  for (auto each : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&signals, each);
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  // Lets the current file become whole. The lock is never given back, so that
  // no other file is begun.
  (void)writing.try_lock_for(write_patience);
  std::signal(signal, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  std::raise(signal);
}

} // namespace

variant_run::variant_run(const variant_order& order,
                         std::vector<variant_picture> pictures)
  : order_(order),
    pictures_(std::move(pictures)),
    budget_(std::make_shared<codec_budget>(capacity_of(order.imaging))),
    writing_(std::make_shared<std::timed_mutex>()) {
  guarded_thread("the watch over signals", [writing = writing_] {
    end_at_signal(*writing);
  }).detach();
  auto count = std::min<size_t>(order.jobs, pictures_.size());
  for (size_t i = 0; i < count; ++i)
    threads_.push_back(guarded_thread("a codec's thread", [this] { work(); }));
}

std::vector<variant_picture>
variant_run::wait(const std::function<void(const variant_progress&)>& tell) {
  std::unique_lock lock{mutex_};
  while (done_ < pictures_.size()) {
    variant_progress progress{pictures_.size(), done_};
    lock.unlock();
    tell(progress);
    lock.lock();
    changed_.wait_for(lock, glance_at_progress,
                      [&] { return done_ > progress.done; });
  }
  lock.unlock();
  tell({pictures_.size(), pictures_.size()});
  for (auto& x : threads_)
    x.join();
  return std::move(pictures_);
}

void variant_run::work() {
  codec_client codec{order_.imaging, default_codec_program(), budget_};
  while (auto picture = next()) {
    if (picture->problem.code == ec::none)
      make(*picture, codec);
    std::lock_guard guard{mutex_};
    ++done_;
    changed_.notify_all();
  }
}

variant_picture* variant_run::next() {
  std::lock_guard guard{mutex_};
  return next_ < pictures_.size() ? &pictures_[next_++] : nullptr;
}

void variant_run::make(variant_picture& picture, codec_client& codec) {
  variant_wishes wishes;
  wishes.opened = [&picture](const variant_origin& from) {
    picture.avif_effort = from.avif_effort;
    return true;
  };
  wishes.decoded = [&picture](const raw_picture& small) {
    picture.marks = marks_of(small);
  };
  auto deadline = std::chrono::steady_clock::now() + picture_patience;
  auto encoded = codec.variants(picture.path, deadline, wishes);
  if (!encoded) {
    picture.problem = std::move(encoded.error());
    return;
  }
  std::lock_guard guard{*writing_};
  write_variants(order_, *encoded, picture);
}

} // namespace darkroom
