#include "services/text/one_line.hpp"

#include "services/text/hidden.hpp"
#include "services/text/utf8.hpp"

namespace darkroom {

std::string one_line(std::string_view text, size_t max_bytes) {
  std::string out;
  auto is_space_due = false;
  while (!text.empty()) {
    auto step = first_code_point(text);
    text.remove_prefix(step.bytes);
    if (step.point == ' ' || is_control(step.point)) {
      is_space_due = !out.empty();
      continue;
    }
    auto shown = to_utf8({&step.point, 1});
    if (out.size() + shown.size() + (is_space_due ? 1 : 0) > max_bytes)
      break;
    if (is_space_due)
      out += ' ';
    is_space_due = false;
    out += shown;
  }
  return out;
}

} // namespace darkroom
