#include "services/codec/codec_talk.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace darkroom {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t chunk_bytes = 262144; // a socket's buffer holds about 200 KB

} // namespace

codec_talk::codec_talk(std::string program, const imaging_settings& settings,
                       std::shared_ptr<codec_tally> tally)
  : program_(std::move(program)),
    settings_(settings),
    tally_(std::move(tally)) {}

status codec_talk::begin(std::string task, time_point deadline) {
  task_ = std::move(task);
  began_ = steady_clock::now();
  deadline_ = deadline;
  is_broken_ = false;
  if (deadline <= began_)
    return fail(ec::timed_out, "no time is left for " + task_);
  {
    std::lock_guard guard{mutex_};
    is_busy_ = true;
  }
  if (auto ready = start_child(); !ready) {
    end_task();
    return ready;
  }
  cpu_limit_ = child_.cpu_time() + settings_.codec_time;
  return ok;
}

status codec_talk::start_child() {
  replace_if_worn();
  if (child_.is_fit())
    return ok;
  child_.stop();
  pictures_ = 0;
  return child_.start(program_, {.memory_bytes = settings_.codec_memory_bytes});
}

void codec_talk::replace_if_worn() {
  if (pictures_ == 0 || !child_.is_fit())
    return;
  auto limit = settings_.codec_pictures;
  auto is_done = limit > 0 && pictures_ >= limit;
  if (!is_done && !keeps_too_much())
    return;
  spdlog::log(is_done ? spdlog::level::debug : spdlog::level::info,
              "codec process {} is replaced: it {}", child_.pid(),
              is_done ? "has made its pictures" : "keeps too much memory");
  ++(is_done ? tally_->by_pictures : tally_->by_memory);
  child_.stop();
}

// The child may still be freeing the last picture, so one that seems to keep
// too much is asked for an answer before it is judged.
bool codec_talk::keeps_too_much() {
  auto limit = settings_.codec_resident_bytes;
  if (limit == 0 || child_.resident_bytes() <= limit)
    return false;
  cpu_limit_ = child_.cpu_time() + settings_.codec_time;
  if (!send({.operation = codec_operation::walls}) || !receive()) {
    is_broken_ = false; // it is replaced
    return true;
  }
  return child_.resident_bytes() > limit;
}

status codec_talk::send(codec_request request, picture_file* file) {
  if (is_cancelled()) // there was no child to kill yet
    return fail(ec::cancelled, "stopped on request");
  request.time = request.operation == codec_operation::encode
                   ? 0ms // belongs to the time of `open`
                   : settings_.codec_time;
  request.settings = settings_;
  if (file)
    ++pictures_;
  auto& channel = child_.channel();
  auto head = pack_head(request);
  auto left = file ? file->size() : 0;
  auto prefix = pack_prefix(static_cast<uint32_t>(head.size()),
                            static_cast<uint32_t>(left));
  is_broken_ = true; // until all is sent
  if (auto sent = channel.send(prefix + head, patience()); !sent)
    return sent;
  while (left > 0) {
    auto bytes = file->read(std::min<uint64_t>(left, chunk_bytes));
    if (!bytes)
      return std::move(bytes.error());
    if (bytes->empty())
      return fail(ec::storage_failed, "picture became shorter while it was "
                                      "read: try again");
    left -= bytes->size();
    if (auto sent = channel.send(*bytes, patience()); !sent)
      return sent;
  }
  is_broken_ = false;
  return ok;
}

result<codec_response> codec_talk::receive() {
  is_broken_ = true; // until all is received
  auto got = child_.channel().receive(max_response_bytes, patience());
  if (!got)
    return std::move(got.error());
  auto response = unpack_response(*got);
  if (!response)
    return response;
  is_broken_ = false;
  if (response->problem.code != ec::none)
    return std::move(response->problem);
  return response;
}

result<bool> codec_talk::wait_for_answer_or(int fd) {
  auto answers = child_.channel().wait_for_frame_or(fd, patience());
  is_broken_ = is_broken_ || !answers;
  return answers;
}

error codec_talk::distrust(const std::string& why) {
  is_broken_ = true;
  return fail(ec::protocol, why);
}

// Checks again when half of the remaining CPU time may be used up. Encoders run
// in several threads, which spend it faster.
frame_channel::patience codec_talk::patience() const {
  return [this] {
    auto left = cpu_limit_ - child_.cpu_time();
    auto now = steady_clock::now();
    if (left <= 0ns)
      return now;
    return std::min(deadline_,
                    now + std::max<steady_clock::duration>(left / 2, 1ms));
  };
}

status codec_talk::end(status outcome) {
  child_.log_words();
  if (end_task()) {
    child_.stop();
    return fail(ec::cancelled, "codec process was stopped on request while it "
                               "worked on "
                                 + task_);
  }
  if (is_broken_ && !outcome)
    return explain(outcome.error());
  if (is_broken_)
    child_.stop();
  if (!outcome)
    outcome.error().context = task_ + ": " + outcome.error().context;
  return outcome;
}

// Ends the child and says what became of it.
error codec_talk::explain(const error& why) {
  auto is_spent = child_.cpu_time() >= cpu_limit_;
  if (why.code == ec::timed_out)
    child_.kill();
  auto end = child_.stop();
  if (end.signal == SIGXCPU || (why.code == ec::timed_out && is_spent))
    return fail(ec::codec_timeout,
                "codec process was killed after "
                  + std::to_string(settings_.codec_time.count())
                  + " ms of CPU time while it worked on " + task_
                  + " ([imaging] codec_time)");
  if (why.code == ec::timed_out)
    return fail(
      ec::timed_out,
      "codec process was stopped after "
        + std::to_string(
          std::chrono::ceil<milliseconds>(steady_clock::now() - began_).count())
        + " ms while it worked on " + task_
        + ", before it had used its CPU time: is the machine too busy?");
  if (why.code != ec::protocol)
    return fail(why.code, task_ + ": " + why.context);
  if (end.signal == 0)
    return fail(ec::codec_crashed, "codec process " + to_string(end)
                                     + " while it worked on " + task_ + ": "
                                     + why.context);
  auto hint = end.signal == SIGKILL  ? " (was memory short?)"
              : end.signal == SIGSYS ? " (it tried what its sandbox forbids)"
                                     : "";
  return fail(ec::codec_crashed, "codec process " + to_string(end)
                                   + " while it worked on " + task_ + hint);
}

void codec_talk::cancel() {
  std::lock_guard guard{mutex_};
  is_cancelled_ = is_busy_;
  if (is_busy_)
    child_.kill();
}

bool codec_talk::is_cancelled() {
  std::lock_guard guard{mutex_};
  return is_cancelled_;
}

// Returns whether cancel() was called meanwhile.
bool codec_talk::end_task() {
  std::lock_guard guard{mutex_};
  is_busy_ = false;
  return std::exchange(is_cancelled_, false);
}

} // namespace darkroom
