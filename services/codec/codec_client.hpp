/// Lets its own codec process decode and encode pictures.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/codec_budget.hpp"
#include "services/codec/codec_talk.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/codec/picture_codec.hpp"
#include "services/codec/variant_plan.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// The path of `darkroom-codec`: in the folder of the running program, or where
/// it is installed (`services/process/program_folder.hpp`).
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
/// child. So does one after [imaging] codec_pictures, or if the child keeps
/// more than codec_resident_bytes.
class codec_client final : public picture_codec {
public:
  /// The first request starts the child.
  /// @param budget of the node; null = one core and any memory for this client
  explicit codec_client(imaging_settings settings,
                        std::string program = default_codec_program(),
                        std::shared_ptr<codec_budget> budget = nullptr);

  /// Facts and both small pictures, from one decode.
  /// @param path any file; the caller keeps it inside the uploads folder
  ///   (local_storage::resolve)
  /// @param deadline holds however busy the machine is; [imaging] codec_time
  ///   limits CPU time
  result<picture_analysis> analyse(const std::string& path, time_point deadline,
                                   uint32_t vision_edge = 0) override;

  /// The encoded files of all variants, from one decode. As many are encoded
  /// at once as the budget has cores for.
  result<std::vector<encoded_variant>>
  variants(const std::string& path, time_point deadline,
           const variant_wishes& wishes = {}) override;

  /// The child's libraries with their versions, as `recipe_hash` takes them.
  /// @param path any picture that it reads
  result<std::string> libraries(const std::string& path, time_point deadline);

  /// Diagnostic: the child dies of SIGSEGV. Never succeeds.
  status crash(time_point deadline) override;

  /// Diagnostic: the child burns CPU until the deadline. Never succeeds.
  status hang(time_point deadline) override;

  /// Diagnostic: which walls of the child's sandbox hold.
  result<sandbox_report> sandbox(time_point deadline);

  /// Ends the running request with ec::cancelled; does nothing if none runs.
  /// Safe from any thread while the client lives.
  void cancel() override {
    talk_.cancel();
  }

  /// The process id of the child, 0 if none runs. For logs and tests.
  pid_t child() {
    return talk_.child();
  }

private:
  using share = codec_budget::share;
  using picture_work = std::function<status(const codec_response&, share&)>;
  /// What `with_picture` is about.
  struct picture_task {
    const char* name = "";
    const std::string& path;
    time_point deadline;
    std::string* content_hash = nullptr; ///< if not null, gets the SHA-256
  };

  status with_picture(const picture_task& task, const picture_work& work);
  status make_files(std::vector<planned_file> plan, share& mine,
                    const variant_wishes& wishes,
                    std::vector<encoded_variant>& out);
  result<codec_response> ask(codec_operation operation, time_point deadline);
  result<codec_response> exchange(codec_request request);
  status wait_for_room(share& mine, uint64_t memory);

  imaging_settings settings_;
  std::shared_ptr<codec_budget> budget_;
  codec_talk talk_;
};

} // namespace darkroom
