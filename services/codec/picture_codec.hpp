/// What jobs ask of a codec.
#pragma once

#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// How the variants of one picture are made.
struct variant_wishes {
  /// 0..9 replaces [imaging] avif_effort.
  std::optional<uint32_t> avif_effort = {};
  /// Only files of these formats.
  std::vector<picture_format> formats{std::begin(all_picture_formats),
                                      std::end(all_picture_formats)};
  /// Jobs that wait meanwhile; counts if [imaging] avif_effort is auto.
  uint32_t waiting = 0;
  /// Called with the share of the work that is done, 0 to 1: after the decode
  /// and after each file. In the codec's thread.
  std::function<void(double)> progress = {};
};

/// One codec per processor. All methods block and belong to the processor's
/// thread; only cancel() may be called by any thread. `codec_client` says which
/// errors a request fails with.
class picture_codec {
public:
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~picture_codec() = default;

  /// Decodes a picture once and returns its facts and both small pictures.
  /// @param path any file; the caller keeps it inside the uploads folder
  /// @param deadline ends the request however busy the machine is
  virtual result<picture_analysis>
  analyse(const std::string& path, time_point deadline) = 0;

  /// Decodes a picture once and returns the encoded files of lg, md and sm,
  /// each as WebP and AVIF; the largest come first.
  virtual result<std::vector<encoded_variant>>
  variants(const std::string& path, time_point deadline,
           const variant_wishes& wishes)
    = 0;

  /// Diagnostic: the codec process dies of SIGSEGV. Never succeeds.
  virtual status crash(time_point deadline) = 0;

  /// Diagnostic: the codec process burns CPU until its limit. Never succeeds.
  virtual status hang(time_point deadline) = 0;

  /// Ends the running request with ec::cancelled. Does nothing if none runs.
  virtual void cancel() = 0;
};

} // namespace darkroom
