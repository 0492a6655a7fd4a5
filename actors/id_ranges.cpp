#include "actors/id_ranges.hpp"

#include <iterator>

namespace darkroom {

bool id_ranges::contains(uint64_t number) const {
  auto next = last_of_.upper_bound(number);
  return next != last_of_.begin() && std::prev(next)->second >= number;
}

bool id_ranges::insert(uint64_t number) {
  if (contains(number))
    return false;
  auto next = last_of_.upper_bound(number);
  auto last = number;
  if (next != last_of_.end() && next->first == number + 1) {
    last = next->second;
    next = last_of_.erase(next);
  }
  if (next != last_of_.begin() && std::prev(next)->second + 1 == number)
    std::prev(next)->second = last;
  else
    last_of_.emplace_hint(next, number, last);
  if (last_of_.size() > most_)
    last_of_.erase(last_of_.begin());
  return true;
}

} // namespace darkroom
