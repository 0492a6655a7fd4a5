/// Lets its own codec process decode and encode pictures.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/codec_child.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/codec/picture_codec.hpp"
#include "services/codec/picture_file.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// The path of `darkroom-codec` in the folder of the running binary.
std::string default_codec_program();

/// Makes one request at a time; each processor has its own client. All methods
/// block and belong to one thread; only cancel() and child() may be called from
/// any thread. The child dies with the thread that started it, and is then
/// started again.
///
/// Every request fails with
///   ec::bad_input      not a picture, or cut off, or broken
///   ec::too_large      above [imaging] max_bytes or max_pixels
///   ec::not_found      there is no such file
///   ec::storage_failed the file cannot be read now
///   ec::codec_crashed  the child died: "… died of SIGSEGV while it …"
///   ec::cut_off        the file ends early: its upload may still be going on
///   ec::codec_timeout  the child was killed after [imaging] codec_time of CPU
///   ec::timed_out      the child was killed at the deadline: the machine is
///                      busy, or the child hangs without using CPU
///   ec::cancelled      the child was killed by cancel()
/// After a crash, a timeout or a cancellation, the next request starts a new
/// child.
class codec_client final : public picture_codec {
public:
  /// The first request starts the child.
  explicit codec_client(imaging_settings settings,
                        std::string program = default_codec_program());

  /// Facts and both small pictures, from one decode.
  /// @param path any file; the caller keeps it inside the uploads folder
  ///   (local_storage::resolve)
  /// @param deadline holds however busy the machine is; [imaging] codec_time
  ///   limits CPU time
  result<picture_analysis> analyse(const std::string& path,
                                   time_point deadline) override;

  /// Six encoded files from one decode: lg, md and sm, each as WebP and AVIF.
  /// @param avif_effort 0..9, replaces [imaging] avif_effort for this call: 1
  ///   pays off under backlog (2.4 times as fast)
  result<std::vector<encoded_variant>> variants(const std::string& path,
                                                time_point deadline) override;
  result<std::vector<encoded_variant>>
  variants(const std::string& path, time_point deadline, uint32_t avif_effort);

  /// Diagnostic: the child dies of SIGSEGV. Never succeeds.
  status crash(time_point deadline) override;

  /// Diagnostic: the child burns CPU until the deadline. Never succeeds.
  status hang(time_point deadline) override;

  /// Diagnostic: which walls of the child's sandbox hold.
  result<sandbox_report> sandbox(time_point deadline);

  /// Ends the running request with ec::cancelled; does nothing if none runs.
  /// Safe from any thread while the client lives.
  void cancel() override;

  /// The process id of the child, 0 if none runs. For logs and tests.
  pid_t child();

private:
  result<codec_response> ask(codec_request request, const std::string& path,
                             time_point deadline);
  result<codec_response> exchange(const codec_request& request,
                                  std::optional<picture_file>& file,
                                  time_point deadline);
  status start_child();
  status send(const codec_request& request, std::optional<picture_file>& file,
              time_point deadline);
  error give_up(const error& why, const std::string& task, time_point began);
  frame_channel::patience until(time_point deadline) const;
  void begin_request();
  bool is_cancelled();
  bool end_request();

  imaging_settings settings_;
  std::string program_;
  codec_child child_;
  std::chrono::nanoseconds cpu_limit_{0}; ///< for the child's whole life
  std::mutex mutex_;                      // guards both flags
  bool is_busy_ = false;
  bool is_cancelled_ = false;
};

} // namespace darkroom
