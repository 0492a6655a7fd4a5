#include "services/redis/failure_cause.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

constexpr size_t longest_cause = 200;   // bytes
constexpr size_t longest_looked = 2000; // bytes of the failure
constexpr std::string_view gap = "…";

bool is_word(char c) {
  auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) || c == '_' || c == '-' || u >= 0x80;
}

/// The end of the quoted text that begins at `at`, or `at` if none does. An
/// apostrophe within a word ("can't") is no quote.
size_t quoted_end(std::string_view text, size_t at) {
  auto quote = text[at];
  if (quote != '\'' && quote != '"' && quote != '`')
    return at;
  if (at > 0 && is_word(text[at - 1]))
    return at;
  auto end = text.find(quote, at + 1);
  return end == text.npos ? at : end + 1;
}

/// The end of the word at `at`; a word with a slash is a path or a URL.
size_t word_end(std::string_view text, size_t at) {
  auto is_part = [](char c) {
    return is_word(c) || c == '/' || c == '.' || c == ':' || c == '@'
           || c == '%' || c == '?' || c == '=' || c == '&' || c == '#';
  };
  auto end = at;
  while (end < text.size() && is_part(text[end]))
    ++end;
  // "failed: " ends before its colon, "done." before its dot.
  while (
    end > at
    && (text[end - 1] == ':' || text[end - 1] == '.' || text[end - 1] == '?'))
    --end;
  return end;
}

bool is_changing(std::string_view word) {
  return word.find('/') != word.npos
         || std::any_of(word.begin(), word.end(), [](char c) {
              return std::isdigit(static_cast<unsigned char>(c));
            });
}

void append(std::string& out, std::string_view text) {
  // Two gaps in a row say no more than one.
  if (text != gap || !out.ends_with(gap))
    out += text;
}

} // namespace

std::string cause_of(std::string_view failure) {
  auto text = failure.substr(0, std::min(failure.find('\n'), longest_looked));
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (auto end = quoted_end(text, at); end > at) {
      append(out, gap);
      at = end;
    } else if (auto stop = word_end(text, at); stop > at) {
      auto word = text.substr(at, stop - at);
      append(out, is_changing(word) ? gap : word);
      at = stop;
    } else {
      out += text[at++];
    }
  }
  if (out.size() <= longest_cause)
    return out;
  auto end = longest_cause - gap.size();
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80)
    --end; // not within a code point
  out.resize(end);
  return out.append(gap);
}

} // namespace darkroom
