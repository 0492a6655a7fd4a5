/// Makes the variants of many pictures at once, without a queue.
#pragma once

#include "nodes/commands/variant_pictures.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace darkroom {

class codec_budget;
class codec_client;

/// How far a run is.
struct variant_progress {
  size_t all = 0;  ///< pictures
  size_t done = 0; ///< of these, whatever became of them
};

/// Each of its threads has a codec process of its own. INT, TERM and HUP end
/// the whole process as soon as no file is being written.
class variant_run {
public:
  /// Starts at once.
  /// @param order must outlive this object
  /// @param pictures those that were refused already are left alone
  variant_run(const variant_order& order,
              std::vector<variant_picture> pictures);

  /// Waits until all is done, and returns the pictures in their order.
  /// @param tell is called now and then, and with the last progress
  std::vector<variant_picture>
  wait(const std::function<void(const variant_progress&)>& tell);

private:
  void work();
  variant_picture* next();
  void make(variant_picture& picture, codec_client& codec);

  const variant_order& order_;
  std::vector<variant_picture> pictures_;
  std::shared_ptr<codec_budget> budget_; ///< of all codec processes
  /// Held while a file is being written. The watch over signals, which lives
  /// until the process ends, shares it.
  std::shared_ptr<std::timed_mutex> writing_;
  std::mutex mutex_; ///< guards all members below
  std::condition_variable changed_;
  size_t next_ = 0; ///< index of the first picture that nobody has taken
  size_t done_ = 0;
  std::vector<std::thread> threads_;
};

} // namespace darkroom
