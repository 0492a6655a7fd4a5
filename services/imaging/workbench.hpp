/// Does what the client of the codec process asks for, one picture at a time.
#pragma once

#include "services/codec/codec_wire.hpp"
#include "services/imaging/header.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace darkroom {

class sizes;

/// Belongs to one thread. Each `encode` runs in a thread of its own, so several
/// may run at once; the client limits their number.
class workbench {
public:
  /// @param answer sends a response; called by any thread, by several at once
  explicit workbench(std::function<void(const codec_response&)> answer);

  /// Waits for the encodes that still run.
  ~workbench();

  /// Carries out a request other than `walls`. Answers all but `close`. `crash`
  /// and `hang` do not return.
  void serve(codec_request request);

private:
  struct picture {
    std::string bytes;  ///< encoded
    std::string mended; ///< what is read instead, if not empty
    picture_header header;
    imaging_settings settings;

    const std::string& readable() const {
      return mended.empty() ? bytes : mended;
    }

    status read();                ///< sets `mended` and `header`
    error judge(error why) const; ///< whether the file may still be growing
  };

  status open(codec_request& request, codec_response& to);
  status analyse(codec_response& to);
  status decode(const encode_order& order, codec_response& to);
  void encode(const encode_order& order);
  void close();

  std::function<void(const codec_response&)> answer_;
  std::optional<picture> open_;    // none if it was refused or is decoded
  std::shared_ptr<sizes> decoded_; // null before `decode`
  std::vector<std::thread> encodes_;
};

} // namespace darkroom
