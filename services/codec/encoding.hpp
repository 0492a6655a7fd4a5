/// Encodes the files of one decoded picture, several at once.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_budget.hpp"
#include "services/codec/codec_talk.hpp"
#include "services/codec/picture_codec.hpp"
#include "services/codec/variant_plan.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace darkroom {

/// Lives for one picture, in the thread of its codec client.
class encoding {
public:
  /// @param talk with a child that has decoded the picture
  /// @param mine has at least one core
  encoding(codec_talk& talk, codec_budget::share& mine,
           std::vector<planned_file> plan, const variant_wishes& wishes);

  /// Keeps as many encodes running as the picture has cores, until all files
  /// are there. After the first failure, waits for those that still run.
  status finish();

  /// The files so far, in the order in which they were finished.
  std::vector<encoded_variant> take() {
    return std::move(files_);
  }

private:
  using clock = std::chrono::steady_clock;

  status start();
  uint32_t threads_for(const planned_file& file) const;
  status wait();
  status take_answer();
  status keep(codec_response answer);
  void report() const;

  codec_talk& talk_;
  codec_budget::share& mine_;
  std::vector<planned_file> plan_;
  const variant_wishes& wishes_;
  std::vector<encoded_variant> files_;
  std::vector<clock::time_point> begun_; // one per file that was ordered
  status outcome_ = ok;
  size_t next_ = 0;      // of the plan
  uint32_t running_ = 0; // encodes
  uint32_t busy_ = 0;    // cores of the encodes that run
  double done_;          // share of the work
};

} // namespace darkroom
