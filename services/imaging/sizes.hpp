/// A decoded picture in all the sizes that are asked for.
#pragma once

#include "messages/result.hpp"
#include "services/imaging/load.hpp"
#include "services/imaging/vips_image.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <tuple>

namespace darkroom {

/// Makes each size once, when it is first asked for. Thread-safe.
class sizes {
public:
  /// @param full the largest size
  explicit sizes(image full) : full_(std::move(full)) {}

  /// The picture shrunk into `into`, and cut to it if `fit` is cover; the full
  /// one if it fits. It lives as long as this object.
  result<const image*> in(box into, picture_fit fit = picture_fit::inside);

private:
  struct one {
    std::mutex mutex; // a thread that wants the same size waits for it
    image made;
  };

  image full_;
  std::mutex mutex_; // guards the map
  std::map<std::tuple<uint32_t, uint32_t, picture_fit>, std::unique_ptr<one>>
    by_box_;
};

} // namespace darkroom
