#include "sim/trace.hpp"

#include <cstdio>

namespace darkroom::sim {

void trace::line(std::chrono::microseconds at,
                 std::initializer_list<std::string_view> words) {
  char time[32];
  auto length = std::snprintf(time, sizeof time, "%.6f",
                              static_cast<double>(at.count()) / 1e6);
  text_.assign(time, static_cast<size_t>(length));
  for (auto word : words)
    text_.append(1, ' ').append(word);
  text_ += '\n';
  for (unsigned char letter : text_)
    hash_ = (hash_ ^ letter) * 0x100000001b3;
  if (prints_)
    std::fwrite(text_.data(), 1, text_.size(), stdout);
}

std::string trace::hash() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(hash_));
  return text;
}

} // namespace darkroom::sim
