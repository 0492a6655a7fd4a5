#include "services/json/relaxed_json.hpp"

#include "services/json/json.hpp"
#include "services/text/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace darkroom {

namespace {

constexpr std::string_view json_space = " \t\r\n";

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
         || c == '$';
}

bool is_in_number(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'
         || c == 'e' || c == 'E' || c == '+' || c == '-';
}

/// Rewrites a text token by token. Each step takes something off its front.
class rewriter {
public:
  explicit rewriter(std::string_view text) : left_(text) {}

  std::string run() {
    while (!left_.empty())
      step();
    return std::move(out_);
  }

private:
  void step() {
    auto c = left_.front();
    if (c == '"' || c == '\'')
      take_string(c);
    else if (left_.starts_with("//"))
      left_.remove_prefix(std::min(left_.find('\n'), left_.size()));
    else if (left_.starts_with("/*"))
      skip_to_end_of_comment();
    else if (c == ',')
      take_comma();
    else if (c == '-' || c == '+'
             || std::isdigit(static_cast<unsigned char>(c)))
      take_number();
    else if (is_word(c))
      take_word();
    else
      copy(1);
  }

  void copy(size_t bytes) {
    out_ += left_.substr(0, bytes);
    left_.remove_prefix(bytes);
  }

  void skip_to_end_of_comment() {
    auto end = left_.find("*/", 2);
    left_.remove_prefix(end == left_.npos ? left_.size() : end + 2);
  }

  /// What comes first after space and comments, 0 at the end.
  char next_after(size_t at) {
    while ((at = left_.find_first_not_of(json_space, at)) != left_.npos) {
      auto rest = left_.substr(at);
      size_t end = 0;
      if (rest.starts_with("//"))
        end = rest.find('\n');
      else if (rest.starts_with("/*"))
        end = rest.find("*/", 2);
      else
        return rest.front();
      if (end == rest.npos)
        return 0;
      at += end + (rest[1] == '*' ? 2 : 0);
    }
    return 0;
  }

  void take_comma() {
    auto next = next_after(1);
    if (next == '}' || next == ']')
      left_.remove_prefix(1);
    else
      copy(1);
  }

  void take_number() {
    size_t size = 1;
    while (size < left_.size() && is_in_number(left_[size]))
      ++size;
    std::string text(left_.substr(0, size));
    left_.remove_prefix(size);
    if (left_.starts_with("Infinity"))
      left_.remove_prefix(8), text = "null";
    else if (left_.starts_with("NaN"))
      left_.remove_prefix(3), text = "null";
    else if (!std::isfinite(std::strtod(text.c_str(), nullptr)))
      text = "null";
    else if (text[0] == '+')
      text.erase(0, 1);
    out_ += text;
  }

  void take_word() {
    size_t size = 1;
    while (size < left_.size() && is_word(left_[size]))
      ++size;
    auto word = left_.substr(0, size);
    if (next_after(size) == ':')
      (out_ += '"').append(word) += '"';
    else if (word == "True")
      out_ += "true";
    else if (word == "False")
      out_ += "false";
    else if (word == "None" || word == "NaN" || word == "Infinity"
             || word == "undefined")
      out_ += "null";
    else
      out_ += word;
    left_.remove_prefix(size);
  }

  void take_string(char quote) {
    out_ += '"';
    left_.remove_prefix(1);
    while (!left_.empty() && left_.front() != quote)
      if (left_.front() == '\\')
        take_escape();
      else
        take_character();
    if (left_.empty())
      return; // cut off: the parser says so
    out_ += '"';
    left_.remove_prefix(1);
  }

  void take_escape() {
    constexpr std::string_view known = "\"\\/bfnrtu";
    if (left_.size() > 1 && known.find(left_[1]) != known.npos)
      copy(2);
    else
      left_.remove_prefix(1); // "\'", "\_": no escape is needed
  }

  void take_character() {
    auto c = static_cast<unsigned char>(left_.front());
    if (c == '"') {
      out_ += "\\\"";
      left_.remove_prefix(1);
    } else if (c < ' ') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      out_ += escape;
      left_.remove_prefix(1);
    } else {
      auto step = first_code_point(left_);
      out_ += step.is_valid ? left_.substr(0, step.bytes)
                            : std::string_view("\xef\xbf\xbd");
      left_.remove_prefix(step.bytes);
    }
  }

  std::string_view left_;
  std::string out_;
};

} // namespace

std::string as_strict_json(std::string_view text) {
  return rewriter(text).run();
}

result<nlohmann::json> parse_relaxed_json(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  if (auto strict = parse_json(text))
    return strict;
  return parse_json(as_strict_json(text));
}

} // namespace darkroom
