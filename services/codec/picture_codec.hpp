/// What jobs ask of a codec.
#pragma once

#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace darkroom {

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

  /// Decodes a picture once and returns six encoded files: lg, md and sm, each
  /// as WebP and AVIF.
  virtual result<std::vector<encoded_variant>>
  variants(const std::string& path, time_point deadline) = 0;

  /// Diagnostic: the codec process dies of SIGSEGV. Never succeeds.
  virtual status crash(time_point deadline) = 0;

  /// Diagnostic: the codec process burns CPU until its limit. Never succeeds.
  virtual status hang(time_point deadline) = 0;

  /// Ends the running request with ec::cancelled. Does nothing if none runs.
  virtual void cancel() = 0;
};

} // namespace darkroom
