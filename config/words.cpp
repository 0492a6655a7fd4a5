#include "config/words.hpp"

namespace darkroom {

std::string counted(uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun}
         + (count == 1 ? "" : "s");
}

} // namespace darkroom
