/// What single values of a message from another node may hold.
#pragma once

#include "actors/validate.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom::bounds {

constexpr size_t max_name_bytes = 256;      // a host name has at most 253
constexpr size_t max_value_bytes = 1 << 29; // the most that Redis can hold
constexpr uint32_t max_slots = 10000;       // limit of [worker] concurrency
constexpr size_t max_list = 20000;          // jobs or outcomes per node
constexpr size_t max_words = 1000;          // labels, or job types
constexpr int64_t max_ms = 9'000'000'000'000'000; // exact in a double

/// The first problem of a message.
class problem {
public:
  problem& require(bool holds, const char* what) {
    if (!holds && text_.empty())
      text_ = what;
    return *this;
  }

  /// Takes over the problem of a member, named `part`.
  problem& require(const std::string& of_part, const char* part) {
    if (!of_part.empty() && text_.empty())
      text_ = std::string{part} + ": " + of_part;
    return *this;
  }

  /// Which run of which job a message is about.
  problem& require_run(const std::string& job_id, const std::string& token);

  const std::string& text() const {
    return text_;
  }

private:
  std::string text_;
};

/// Whether a text may be part of a line of the log.
inline bool is_printable(const std::string& x, size_t most = max_name_bytes) {
  return x.size() <= most
         && std::all_of(x.begin(), x.end(),
                        [](unsigned char c) { return c >= ' ' && c != 0x7f; });
}

inline bool are_words(const std::vector<std::string>& list) {
  return list.size() <= max_words
         && std::all_of(list.begin(), list.end(),
                        [](const auto& x) { return is_printable(x); });
}

inline bool fits(const std::string& x) {
  return x.size() <= max_value_bytes;
}

/// Lower case, as Darkroom writes them.
inline bool is_hex(const std::string& text, size_t digits) {
  return text.size() == digits
         && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Whether it is a SHA-256.
inline bool is_hash(const std::string& text) {
  return is_hex(text, 64);
}

inline bool is_span(int64_t ms) {
  return ms >= 0 && ms <= max_ms;
}

inline bool is_time(int64_t ms) {
  return ms >= -max_ms && ms <= max_ms;
}

inline problem& problem::require_run(const std::string& job_id,
                                     const std::string& token) {
  return require(!job_id.empty() && fits(job_id), "job_id is empty or too long")
    .require(is_name(token), "token is empty, too long or unprintable");
}

} // namespace darkroom::bounds
