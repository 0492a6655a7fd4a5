/// What jobs ask of a codec.
#pragma once

#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Where variants come from.
struct variant_origin {
  std::string content_hash; ///< SHA-256 of the picture; empty if not asked for
  std::string recipe_hash;  ///< see recipe.hpp; empty with `content_hash`
  uint32_t avif_effort = 0; ///< 0..9, of the AVIF files
};

/// How the variants of one picture are made.
struct variant_wishes {
  /// 0..9 replaces [imaging] avif_effort.
  std::optional<uint32_t> avif_effort = {};
  /// Jobs that wait meanwhile; counts if [imaging] avif_effort is auto.
  uint32_t waiting = 0;
  /// Called with the share of the work that is done, 0 to 1: after the decode
  /// and after each file. In the codec's thread.
  std::function<void(double)> progress = {};
  /// Whether `opened` is told the hashes, which take 3 ms per MB.
  bool is_hashed = false;
  /// Called once the header is read, before any pixel is decoded. If it returns
  /// false, no file is made. In the codec's thread.
  std::function<bool(const variant_origin&)> opened = {};
  /// Called with the decoded picture on white, whose longer edge is at most
  /// marks_edge. In the codec's thread.
  std::function<void(const raw_picture&)> decoded = {};
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
  /// @param vision_edge longer edge of the JPEG in pixels; 0: [imaging]
  ///   vision_edge
  virtual result<picture_analysis>
  analyse(const std::string& path, time_point deadline, uint32_t vision_edge)
    = 0;

  /// Decodes a picture once and returns the encoded files of its variants
  /// ([[variants]]); the widest come first. None if `wishes.opened` does not
  /// want them.
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
