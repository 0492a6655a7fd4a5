#include "services/codec/codec_client.hpp"

#include "services/codec/picture_file.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <utility>

namespace darkroom {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t chunk_bytes = 262144; // a socket's buffer holds about 200 KB

bool reads_picture(codec_operation operation) {
  return operation != codec_operation::crash
         && operation != codec_operation::hang
         && operation != codec_operation::walls;
}

} // namespace

std::string default_codec_program() {
  std::error_code ignored;
  auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return self.parent_path() / "darkroom-codec";
}

codec_client::codec_client(imaging_settings settings, std::string program)
  : settings_(std::move(settings)),
    program_(std::move(program)) {}

result<picture_analysis> codec_client::analyse(const std::string& path,
                                               time_point deadline) {
  auto got = ask({codec_operation::analyse, settings_, {}, {}}, path, deadline);
  if (!got)
    return std::move(got.error());
  return picture_analysis{std::move(got->facts), std::move(got->small),
                          std::move(got->vision_jpeg)};
}

result<std::vector<encoded_variant>>
codec_client::variants(const std::string& path, time_point deadline) {
  return variants(path, deadline, settings_.avif_effort);
}

result<std::vector<encoded_variant>>
codec_client::variants(const std::string& path, time_point deadline,
                       uint32_t avif_effort) {
  codec_request request{codec_operation::variants, settings_, {}, {}};
  request.settings.avif_effort = avif_effort;
  auto got = ask(std::move(request), path, deadline);
  if (!got)
    return std::move(got.error());
  return std::move(got->variants);
}

status codec_client::crash(time_point deadline) {
  auto got = ask({codec_operation::crash, settings_, {}, {}}, {}, deadline);
  if (!got)
    return std::move(got.error());
  return ok;
}

status codec_client::hang(time_point deadline) {
  auto got = ask({codec_operation::hang, settings_, {}, {}}, {}, deadline);
  if (!got)
    return std::move(got.error());
  return ok;
}

result<sandbox_report> codec_client::sandbox(time_point deadline) {
  auto got = ask({codec_operation::walls, settings_, {}, {}}, {}, deadline);
  if (!got)
    return std::move(got.error());
  return std::move(got->sandbox);
}

void codec_client::cancel() {
  std::lock_guard guard{mutex_};
  is_cancelled_ = is_busy_;
  if (is_busy_)
    child_.kill();
}

pid_t codec_client::child() {
  return child_.pid();
}

// After an exchange has failed, the child is not used again: it is dead, late,
// or in the middle of a frame.
result<codec_response> codec_client::ask(codec_request request,
                                         const std::string& path,
                                         time_point deadline) {
  auto now = steady_clock::now();
  request.time = settings_.codec_time;
  if (deadline <= now)
    return fail(ec::timed_out, "no time is left for '" + path + "' ("
                                 + to_string(request.operation) + ")");
  std::optional<picture_file> file;
  if (reads_picture(request.operation)) {
    auto opened = picture_file::open(path, settings_.max_bytes);
    if (!opened)
      return std::move(opened.error());
    file = std::move(*opened);
  }
  begin_request();
  auto response = exchange(request, file, deadline);
  child_.log_words();
  auto was_cancelled = end_request();
  auto task = "'" + path + "' (" + to_string(request.operation) + ")";
  if (was_cancelled) {
    child_.stop();
    return fail(ec::cancelled, "codec process was stopped on request while it "
                               "worked on "
                                 + task);
  }
  if (!response)
    return give_up(response.error(), task, now);
  if (response->problem.code != ec::none)
    return fail(response->problem.code,
                task + ": " + response->problem.context);
  return response;
}

result<codec_response> codec_client::exchange(const codec_request& request,
                                              std::optional<picture_file>& file,
                                              time_point deadline) {
  if (auto started = start_child(); !started)
    return std::move(started.error());
  if (is_cancelled()) // there was no child to kill yet
    return fail(ec::cancelled, "stopped on request");
  cpu_limit_ = child_.cpu_time() + settings_.codec_time;
  if (auto sent = send(request, file, deadline); !sent)
    return std::move(sent.error());
  auto got = child_.channel().receive(max_response_bytes, until(deadline));
  if (!got)
    return std::move(got.error());
  return unpack_response(*got);
}

// Checks again when half of the remaining CPU time may be used up. An encoder
// may run a second thread, which spends it twice as fast.
frame_channel::patience codec_client::until(time_point deadline) const {
  return [this, deadline] {
    auto left = cpu_limit_ - child_.cpu_time();
    auto now = steady_clock::now();
    if (left <= 0ns)
      return now;
    return std::min(deadline,
                    now + std::max<steady_clock::duration>(left / 2, 1ms));
  };
}

status codec_client::start_child() {
  if (child_.is_fit())
    return ok;
  child_.stop();
  return child_.start(program_, {.memory_bytes = settings_.codec_memory_bytes});
}

// Sends the head, then the file while it is being read.
status codec_client::send(const codec_request& request,
                          std::optional<picture_file>& file,
                          time_point deadline) {
  auto& channel = child_.channel();
  auto head = pack_head(request);
  auto left = file ? file->size() : 0;
  auto prefix = pack_prefix(static_cast<uint32_t>(head.size()),
                            static_cast<uint32_t>(left));
  if (auto sent = channel.send(prefix + head, until(deadline)); !sent)
    return sent;
  while (left > 0) {
    auto bytes = file->read(std::min<uint64_t>(left, chunk_bytes));
    if (!bytes)
      return std::move(bytes.error());
    if (bytes->empty())
      return fail(ec::storage_failed, "picture became shorter while it was "
                                      "read: try again");
    left -= bytes->size();
    if (auto sent = channel.send(*bytes, until(deadline)); !sent)
      return sent;
  }
  return ok;
}

// Ends the child, which is dead, late, or in the middle of a frame, and says
// what became of it.
error codec_client::give_up(const error& why, const std::string& task,
                            time_point began) {
  auto is_spent = child_.cpu_time() >= cpu_limit_;
  if (why.code == ec::timed_out)
    child_.kill();
  auto end = child_.stop();
  if (end.signal == SIGXCPU || (why.code == ec::timed_out && is_spent))
    return fail(ec::codec_timeout,
                "codec process was killed after "
                  + std::to_string(settings_.codec_time.count())
                  + " ms of CPU time while it worked on " + task
                  + " ([imaging] codec_time)");
  if (why.code == ec::timed_out)
    return fail(
      ec::timed_out,
      "codec process was stopped after "
        + std::to_string(
          std::chrono::ceil<milliseconds>(steady_clock::now() - began).count())
        + " ms while it worked on " + task
        + ", before it had used its CPU time: is the machine too busy?");
  if (why.code != ec::protocol)
    return fail(why.code, task + ": " + why.context);
  if (end.signal == 0)
    return fail(ec::codec_crashed, "codec process " + to_string(end)
                                     + " while it worked on " + task + ": "
                                     + why.context);
  auto hint = end.signal == SIGKILL  ? " (was memory short?)"
              : end.signal == SIGSYS ? " (it tried what its sandbox forbids)"
                                     : "";
  return fail(ec::codec_crashed, "codec process " + to_string(end)
                                   + " while it worked on " + task + hint);
}

void codec_client::begin_request() {
  std::lock_guard guard{mutex_};
  is_busy_ = true;
}

bool codec_client::is_cancelled() {
  std::lock_guard guard{mutex_};
  return is_cancelled_;
}

// Returns whether cancel() was called meanwhile.
bool codec_client::end_request() {
  std::lock_guard guard{mutex_};
  is_busy_ = false;
  return std::exchange(is_cancelled_, false);
}

} // namespace darkroom
