#include "services/imaging/sizes.hpp"

namespace darkroom {

result<const image*> sizes::in(box into, picture_fit fit) {
  if (width_of(full_) <= into.width && height_of(full_) <= into.height)
    return &full_;
  one* wanted = nullptr;
  {
    std::lock_guard guard{mutex_};
    auto& found = by_box_[{into.width, into.height, fit}];
    if (!found)
      found = std::make_unique<one>();
    wanted = found.get();
  }
  std::lock_guard guard{wanted->mutex};
  if (!wanted->made) {
    auto small = fit == picture_fit::cover ? cover(full_, into)
                                           : shrink(full_, into);
    if (!small)
      return std::move(small.error());
    wanted->made = std::move(*small);
  }
  return &wanted->made;
}

} // namespace darkroom
